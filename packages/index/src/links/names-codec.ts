import type { PassageNames } from "./passage-names.js";

const counts = 3;

/**
 * Names of a source's passages in bytes, as 32-bit words, little-endian: the number of passages; for each how many words,
 * entities and headings it has; then these, passage after passage.
 */
export function encodeNames(names: readonly PassageNames[]): Uint8Array {
  const total = names.reduce(
    (sum, { words, entities, headings }) => sum + words.length + entities.length + headings.length,
    0,
  );
  const out = new Int32Array(1 + names.length * counts + total);
  out[0] = names.length;
  let at = 1 + names.length * counts;
  for (const [row, { words, entities, headings }] of names.entries()) {
    for (const [part, values] of [words, entities, headings].entries()) {
      out[1 + row * counts + part] = values.length;
      out.set(values, at);
      at += values.length;
    }
  }
  return new Uint8Array(out.buffer);
}

/** The inverse of {@link encodeNames}. */
export function decodeNames(bytes: Uint8Array): PassageNames[] {
  const all = new Int32Array(bytes.slice().buffer); // a copy of its own is aligned
  const rows = all[0] ?? 0;
  let at = 1 + rows * counts;
  return Array.from({ length: rows }, (_, row) => {
    const [words, entities, headings] = [0, 1, 2].map((part) => {
      const from = at;
      at += all[1 + row * counts + part]!;
      return all.subarray(from, at);
    });
    return { words: words!, entities: entities!, headings: headings! };
  });
}
