import { readSync } from "node:fs";

// Pages of an LMDB data file as lmdb 3.5.6 writes them (data format 2, 64 bits, little-endian): see `MDB_page`, `MDB_node`
// and `MDB_meta` in its `mdb.c`. Decision 0019 says what this is for.

/** Bytes of a page's header; offsets of nodes and of the free space count from behind it. */
const headerBytes = 24;
const nodeBytes = 8;
const leaf = 0x02;
const branch = 0x01;
const overflow = 0x04;
const packedLeaf = 0x20;
const bigData = 0x01;
const subTree = 0x02;
const noPage = 0xffff_ffff_ffff_ffffn;

const pageSizeAt = 24;
const treesAt = 24;
const treeBytes = 48;
const rootAt = 40;
const lastPageAt = 120;
const transactionAt = 128;
const metaBytes = 136;

/** One of the two states from which LMDB begins. */
export interface Meta {
  readonly transaction: number;
  readonly lastPage: number;
  /** First pages of the trees of free pages and of records; undefined for an empty one. */
  readonly roots: readonly (number | undefined)[];
}

/** Both states of a data file, the newest first. */
export interface Metas {
  readonly pageSize: number;
  readonly states: readonly [newest: Meta, before: Meta];
}

/** Where a file holds bytes that no state reads. */
export type Stretch = readonly [from: number, to: number];

/** What a page says when it is read. */
export interface PageContents {
  /** Pages to read next. */
  readonly pages: readonly number[];
  /** Pages of long values: [first, how many, bytes of the value]. */
  readonly values: readonly (readonly [first: number, count: number, bytes: number])[];
  /** Its free space. */
  readonly slack: Stretch;
}

/** Reads both metas. A data file that was checked when it was opened. */
export function readMetas(descriptor: number): Metas {
  const at = (position: number): { page: number; meta: Meta } => {
    const bytes = readAt(descriptor, position + headerBytes, metaBytes);
    const root = (tree: number): number | undefined => {
      const page = bytes.readBigUInt64LE(treesAt + tree * treeBytes + rootAt);
      return page === noPage ? undefined : Number(page);
    };
    return {
      page: bytes.readUInt32LE(pageSizeAt),
      meta: {
        transaction: Number(bytes.readBigUInt64LE(transactionAt)),
        lastPage: Number(bytes.readBigUInt64LE(lastPageAt)),
        roots: [root(0), root(1)],
      },
    };
  };
  const { page: pageSize, meta: first } = at(0);
  const { meta: second } = at(pageSize);
  return { pageSize, states: second.transaction > first.transaction ? [second, first] : [first, second] };
}

/**
 * Reads a page of a tree.
 *
 * @returns undefined for what is no such page: the file was written to since its number was read, or is damaged
 */
export function readPage(bytes: Buffer, number: number): PageContents | undefined {
  const flags = bytes.readUInt16LE(18);
  const lower = bytes.readUInt16LE(20);
  const upper = bytes.readUInt16LE(22);
  if (Number(bytes.readBigUInt64LE(0)) !== number || (flags & overflow) !== 0) return undefined;
  if ((flags & (leaf | branch)) === 0 || lower > upper || upper > bytes.length - headerBytes) return undefined;
  const slack: Stretch = [headerBytes + lower, headerBytes + upper];
  const pages: number[] = [];
  const values: [number, number, number][] = [];
  // the keys of a packed page have no nodes, and nothing hangs on them
  if ((flags & packedLeaf) !== 0) return undefined;
  for (let entry = 0; entry < lower >> 1; entry++) {
    const node = headerBytes + bytes.readUInt16LE(headerBytes + 2 * entry);
    if (node + nodeBytes > bytes.length) return undefined;
    const size = bytes.readUInt16LE(node) + bytes.readUInt16LE(node + 2) * 0x1_0000;
    const nodeFlags = bytes.readUInt16LE(node + 4);
    if ((flags & branch) !== 0) {
      pages.push(size + nodeFlags * 0x1_0000_0000);
      continue;
    }
    const data = node + nodeBytes + bytes.readUInt16LE(node + 6);
    if ((nodeFlags & bigData) !== 0) {
      if (data + 24 > bytes.length) return undefined;
      values.push([Number(bytes.readBigUInt64LE(data)), Number(bytes.readBigUInt64LE(data + 16)), size]);
    } else if ((nodeFlags & subTree) !== 0) {
      if (data + treeBytes > bytes.length) return undefined;
      const root = bytes.readBigUInt64LE(data + rootAt);
      if (root !== noPage) pages.push(Number(root));
    }
  }
  return { pages, values, slack };
}

/** Bytes of the pages of a long value behind its end. */
export const valueSlack = (pageSize: number, first: number, count: number, bytes: number): Stretch => [
  first * pageSize + headerBytes + bytes,
  (first + count) * pageSize,
];

/** Reads so many bytes; what lies behind the end of the file reads as zeros. */
export function readAt(descriptor: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let read = 0;
  while (read < length) {
    const count = readSync(descriptor, bytes, read, length - read, position + read);
    if (count === 0) break;
    read += count;
  }
  return bytes;
}
