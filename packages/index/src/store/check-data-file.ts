import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { ClewError } from "@clew/core";
import { damaged } from "./damaged.js";

/** LMDB's mark at the start of a meta page, and where its fields stand behind it (data format 2, 64 bits). */
const magic = 0xbeefc0de;
const formatVersion = 2;
const headerBytes = 24;
const pageSizeAt = 24;
const lastPageAt = 120;
const transactionAt = 128;
const metaBytes = headerBytes + transactionAt + 8;

/** Name of the data file in an index directory. */
export const dataFile = (path: string): string => join(path, "data.mdb");

/**
 * Looks at the data file before it is mapped into memory: reading behind the end of a truncated one would kill the
 * process.
 *
 * @returns whether there is a data file at all
 * @throws ClewError `index-damaged` when the file is shorter than its newest state, or is no data file;
 *   `storage-failed` when the path, or what it lies in, is a file
 */
export function checkDataFile(path: string): boolean {
  if (isNoDirectory(path)) {
    throw new ClewError("storage-failed", `${path} is no directory, so no index can lie there. Name another place.`);
  }
  const file = dataFile(path);
  if (!existsSync(file)) return false;
  const descriptor = openSync(file, "r");
  try {
    const { size } = fstatSync(descriptor);
    if (size === 0) return false;
    const read = (position: number): Buffer => {
      const bytes = Buffer.alloc(metaBytes);
      const count = readSync(descriptor, bytes, 0, metaBytes, position);
      if (count < metaBytes) throw damaged(path, `its data file ends after ${size} bytes, inside its first pages`);
      return bytes;
    };
    const first = metaOf(path, read(0));
    const second = metaOf(path, read(first.pageSize));
    const newest = second.transaction > first.transaction ? second : first;
    const needed = (newest.lastPage + 1) * newest.pageSize;
    if (size < needed) throw damaged(path, `its data file has ${size} bytes of at least ${needed}: it was cut off`);
    return true;
  } finally {
    closeSync(descriptor);
  }
}

/** Whether something else than a directory is in the way; a path that is not there is free. */
function isNoDirectory(path: string): boolean {
  try {
    return !(statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? true);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOTDIR";
  }
}

function metaOf(path: string, page: Buffer): { pageSize: number; lastPage: number; transaction: number } {
  const meta = page.subarray(headerBytes);
  if (meta.readUInt32LE(0) !== magic || meta.readUInt32LE(4) !== formatVersion) {
    throw damaged(path, "its data file does not begin as one");
  }
  const pageSize = meta.readUInt32LE(pageSizeAt);
  if (pageSize < 512 || pageSize > 65_536) throw damaged(path, `its data file names a page size of ${pageSize}`);
  return {
    pageSize,
    lastPage: Number(meta.readBigUInt64LE(lastPageAt)),
    transaction: Number(meta.readBigUInt64LE(transactionAt)),
  };
}
