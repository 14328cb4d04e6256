import type { Span } from "../source/span.js";
import { charClass, charClassAt } from "../text/char-class.js";

const inWord = charClass.letter | charClass.upper | charClass.digit | charClass.mark | charClass.hangul;
const separators = ".,";
/** Longest step to the end of a word, in UTF-16 code units; what is longer is no word. */
const maxStep = 64;

/** True where a cut at `at` does not go through a word or a number (`1,577`, `3.5`). Scripts without spaces can be cut anywhere. */
export function isWordBoundary(text: string, at: number): boolean {
  if (at <= 0 || at >= text.length) return true;
  if (inWordAt(text, at - 1) && inWordAt(text, at)) return false;
  return !(
    (separators.includes(text[at]!) && isDigit(text, at - 1) && isDigit(text, at + 1)) ||
    (separators.includes(text[at - 1]!) && isDigit(text, at) && isDigit(text, at - 2))
  );
}

/**
 * The span widened until it cuts no word and no number, and holds the sign of the number that it starts with: a quote
 * "5 million" taken out of "15 million" is "15 million". Words longer than 64 UTF-16 code units stay cut.
 */
export function wholeWords(text: string, [start, end]: Span): Span {
  let from = start;
  while (start - from < maxStep && !isWordBoundary(text, from)) from--;
  if (!isWordBoundary(text, from)) from = start;
  const sign = text[from - 1];
  if (isDigit(text, from) && (sign === "-" || sign === "−") && (from < 2 || /[\s(]/.test(text[from - 2]!))) from--;
  let to = end;
  while (to - end < maxStep && !isWordBoundary(text, to)) to++;
  return [from, isWordBoundary(text, to) ? to : end];
}

const inWordAt = (text: string, at: number): boolean => (charClassAt(text, at) & inWord) !== 0;

const isDigit = (text: string, at: number): boolean =>
  at >= 0 && at < text.length && (charClassAt(text, at) & charClass.digit) !== 0;
