/** Characters in one message to the worker: about a hundred milliseconds of work for a small model. */
const characters = 2_000;
/** Texts in one message to the worker. */
const count = 16;

/**
 * Divides texts, in their order, into the pieces that go to the worker at a time. Between two pieces an urgent request
 * is let past, progress is told, and an abort takes hold. Every piece holds a text at least.
 */
export function* splitWork(texts: readonly string[]): Generator<readonly string[]> {
  let piece: string[] = [];
  let length = 0;
  for (const text of texts) {
    if (piece.length > 0 && (piece.length === count || length + text.length > characters)) {
      yield piece;
      piece = [];
      length = 0;
    }
    piece.push(text);
    length += text.length;
  }
  if (piece.length > 0) yield piece;
}
