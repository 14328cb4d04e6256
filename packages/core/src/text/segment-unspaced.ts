import type { Span } from "../source/span.js";

/** Characters given to the segmenter at a time: it slows down on longer texts. */
const maxSegmented = 2000;
const han = /^\p{sc=Han}+$/u;

let segmenter: Intl.Segmenter | undefined;

/** A word of a script without spaces. */
export interface UnspacedWord {
  /** [start, end) in UTF-16 code units. */
  readonly span: Span;
  /** Two-character pieces of a Han word of three or more: 都知事 is found by 知事 too. */
  readonly pieces: readonly Span[];
}

/** Cuts `text.slice(start, end)`, a run of Han, Kana, Thai, Lao, Khmer or Myanmar, into words by dictionary. */
export function* segmentUnspaced(text: string, start: number, end: number): Generator<UnspacedWord> {
  // a fixed locale: the default one would differ between machines
  segmenter ??= new Intl.Segmenter("en", { granularity: "word" });
  for (let from = start; from < end; ) {
    let to = Math.min(end, from + maxSegmented);
    const code = text.charCodeAt(to);
    if (to < end && code >= 0xdc00 && code <= 0xdfff) to--;
    for (const { segment, index } of segmenter.segment(text.slice(from, to))) {
      yield { span: [from + index, from + index + segment.length], pieces: piecesOf(segment, from + index) };
    }
    from = to;
  }
}

function piecesOf(word: string, start: number): Span[] {
  if (word.length < 3 || !han.test(word)) return [];
  const ends: number[] = [];
  let at = start;
  for (const character of word) {
    at += character.length;
    ends.push(at);
  }
  const pieces: Span[] = [];
  for (let i = 1; ends.length > 2 && i < ends.length; i++) pieces.push([ends[i - 2] ?? start, ends[i]!]);
  return pieces;
}
