import type { PassageId } from "@clew/core";
import { vectorKeyBytes } from "./quantise.js";
import { lexicalFields, type SourceRows } from "./source-rows.js";

const headerWords = 5;
const width = lexicalFields.length;

/**
 * Source rows in bytes, little-endian: five 32-bit words (passages, terms, bytes of names, bytes of postings,
 * dimensions); ids and terms as JSON; pages and field lengths as 32-bit words; postings as
 * `PostingsWriter` makes them; then, with vectors, scales and errors as 32-bit floats, keys and codes.
 */
export function encodeRows({ ids, pages, fieldLengths, terms, postings, vectors }: SourceRows): Uint8Array {
  const names = Buffer.from(JSON.stringify([ids, terms]));
  const header = Uint32Array.of(ids.length, terms.length, names.length, postings.length, vectors?.dimensions ?? 0);
  const parts: ArrayBufferView[] = [header, names, pages, fieldLengths, postings];
  if (vectors !== undefined) parts.push(vectors.scales, vectors.errors, vectors.keys, vectors.codes);
  return Buffer.concat(parts.map((part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength)));
}

/** The inverse of {@link encodeRows}. */
export function decodeRows(bytes: Uint8Array): SourceRows {
  let at = 0;
  const take = (length: number): Uint8Array => {
    // a copy of its own: aligned, and free of the buffer it came in (whose slice() may share memory)
    const part = new Uint8Array(bytes.subarray(at, at + length));
    at += length;
    return part;
  };
  const header = new Uint32Array(take(headerWords * 4).buffer);
  const [rows = 0, , nameBytes = 0, postingBytes = 0, dimensions = 0] = header;
  const [ids, terms] = JSON.parse(Buffer.from(take(nameBytes)).toString()) as [PassageId[], string[]];
  const pages = new Uint32Array(take(rows * 4).buffer);
  const fieldLengths = new Uint32Array(take(rows * 4 * width).buffer);
  const postings = take(postingBytes);
  if (dimensions === 0) return { ids, pages, fieldLengths, terms, postings };
  const scales = new Float32Array(take(rows * 4).buffer);
  const errors = new Float32Array(take(rows * 4).buffer);
  const keys = take(rows * vectorKeyBytes);
  const codes = new Int8Array(take(rows * dimensions).buffer);
  return { ids, pages, fieldLengths, terms, postings, vectors: { dimensions, scales, errors, keys, codes } };
}
