import type { Span } from "../source/span.js";
import { fold } from "./fold.js";

const run = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;

/** A folded run of letters and digits. */
export interface WordToken {
  readonly term: string;
  /** [start, end) in UTF-16 code units of the text given. */
  readonly span: Span;
}

/** Runs of letters and digits of any script, folded; no stemming, no stop words, no compounds. In order. */
export function wordTokens(text: string): WordToken[] {
  return Array.from(text.matchAll(run), ({ 0: word, index }) => ({
    term: fold(word),
    span: [index, index + word.length] as const,
  }));
}
