import type { PassageId } from "@clew/core";
import { vectorKeyBytes } from "./quantise.js";
import { lexicalFields, type SourceRows, type TermCounts } from "./source-rows.js";

const headerWords = 5;
const width = lexicalFields.length;

/**
 * Source rows in bytes, little-endian: five 32-bit words (passages, terms, bytes of names, bytes of postings,
 * dimensions); ids and terms as JSON; pages and field lengths as 32-bit words; postings as variable-length integers
 * (term by term: number of passages; for each the distance from the one before, a mask of fields, a count a field in
 * it); then, with vectors, scales and errors as 32-bit floats, keys and codes.
 */
export function encodeRows({ ids, pages, fieldLengths, terms, counts, vectors }: SourceRows): Uint8Array {
  const names = Buffer.from(JSON.stringify([ids, terms]));
  const postings = encodePostings(counts);
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
  const [rows = 0, termCount = 0, nameBytes = 0, postingBytes = 0, dimensions = 0] = header;
  const [ids, terms] = JSON.parse(Buffer.from(take(nameBytes)).toString()) as [PassageId[], string[]];
  const pages = new Uint32Array(take(rows * 4).buffer);
  const fieldLengths = new Uint32Array(take(rows * 4 * width).buffer);
  const counts = decodePostings(take(postingBytes), termCount);
  if (dimensions === 0) return { ids, pages, fieldLengths, terms, counts };
  const scales = new Float32Array(take(rows * 4).buffer);
  const errors = new Float32Array(take(rows * 4).buffer);
  const keys = take(rows * vectorKeyBytes);
  const codes = new Int8Array(take(rows * dimensions).buffer);
  return { ids, pages, fieldLengths, terms, counts, vectors: { dimensions, scales, errors, keys, codes } };
}

function encodePostings(counts: readonly TermCounts[]): Uint8Array {
  const bytes: number[] = [];
  const put = (value: number): void => {
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
    bytes.push(rest);
  };
  for (const { passages, frequencies } of counts) {
    put(passages.length);
    let before = 0;
    for (const [entry, passage] of passages.entries()) {
      put(passage - before);
      before = passage;
      const found = frequencies.slice(entry * width, (entry + 1) * width);
      put(found.reduce((mask, frequency, field) => (frequency > 0 ? mask | (1 << field) : mask), 0));
      for (const frequency of found) if (frequency > 0) put(frequency);
    }
  }
  return Uint8Array.from(bytes);
}

function decodePostings(bytes: Uint8Array, terms: number): TermCounts[] {
  let at = 0;
  const take = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++]!;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  const counts: TermCounts[] = [];
  for (let term = 0; term < terms; term++) {
    const passages: number[] = [];
    const frequencies: number[] = [];
    let passage = 0;
    for (let left = take(); left > 0; left--) {
      passage += take();
      passages.push(passage);
      const mask = take();
      for (let field = 0; field < width; field++) frequencies.push((mask & (1 << field)) === 0 ? 0 : take());
    }
    counts.push({ passages, frequencies });
  }
  return counts;
}
