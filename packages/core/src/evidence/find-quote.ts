import type { Span } from "../source/span.js";
import { firstOccurrence } from "./occurrences.js";
import { quoteForm } from "./quote-form.js";
import { isWordBoundary } from "./word-boundary.js";

/** Options of {@link findQuote}. */
export interface FindQuoteOptions {
  /** Offset in the text to look from, in UTF-16 code units. @default 0 */
  from?: number | undefined;
}

/** Fewest letters and digits of a quote; a shorter one is found everywhere and says nothing. */
export const minQuoteCharacters = 2;

/**
 * Finds a quote in a text. It looks, in this order, for the quote
 * 1. verbatim, but for white space at its ends;
 * 2. in the {@link quoteForm} of both (white space, quotation marks, dashes, ligatures, unseen characters);
 * 3. as in 2, without the quotation marks, dots, commas and brackets at its ends;
 * 4. as in 3, with its first letter in the other case ("The firm…" for "In 1912, the firm…").
 *
 * In each step an occurrence that cuts no word comes before one that does, then the first wins; steps 3 and 4 take only
 * whole words. Otherwise case counts. Linear in both lengths.
 *
 * @returns the span in `text`, in UTF-16 code units, never through a surrogate pair; undefined when it is not there, or has fewer
 *   than {@link minQuoteCharacters} letters and digits
 */
export function findQuote(quote: string, text: string, { from = 0 }: FindQuoteOptions = {}): Span | undefined {
  const whole = quoteForm(quote).text.trim();
  if (!hasEnough(whole)) return undefined;
  const trimmed = quote.trim();
  const cuts = (start: number, end: number): boolean => splitsPair(text, start) || splitsPair(text, end);
  const isWhole = (start: number, end: number): boolean => isWordBoundary(text, start) && isWordBoundary(text, end);

  const verbatim = (accept: (start: number, end: number) => boolean): Span | undefined => {
    const start = firstOccurrence(text, trimmed, { from, accept });
    return start === undefined ? undefined : [start, start + trimmed.length];
  };
  const exact =
    verbatim((start, end) => !cuts(start, end) && isWhole(start, end)) ?? verbatim((start, end) => !cuts(start, end));
  if (exact !== undefined) return exact;

  const form = quoteForm(text);
  const { starts, ends, text: formText } = form;
  const standsAlone = (start: number, end: number): boolean =>
    starts[start]! >= from &&
    (start === 0 || starts[start - 1] !== starts[start]) &&
    (end === starts.length || starts[end - 1] !== starts[end]);
  const formed = (sought: string, wordsOnly: boolean): Span | undefined => {
    const accept = (start: number, end: number): boolean =>
      standsAlone(start, end) && (!wordsOnly || isWhole(starts[start]!, ends[end - 1]!));
    const start = firstOccurrence(formText, sought, { accept });
    return start === undefined ? undefined : [starts[start]!, ends[start + sought.length - 1]!];
  };
  const bare = withoutEdges(whole);
  return (
    formed(whole, true) ??
    formed(whole, false) ??
    (bare === whole ? undefined : formed(bare, true)) ??
    formed(withOtherCase(bare), true)
  );
}

const lettersAndDigits = /[\p{L}\p{N}]/gu;

function hasEnough(quote: string): boolean {
  let count = 0;
  for (const _ of quote.matchAll(lettersAndDigits)) if (++count >= minQuoteCharacters) return true;
  return false;
}

const leading = " '.,;:!?([{*_-";
const trailing = " '.,;:!?)]}*_-";

function withoutEdges(form: string): string {
  let start = 0;
  let end = form.length;
  while (start < end && leading.includes(form[start]!)) start++;
  while (end > start && trailing.includes(form[end - 1]!)) end--;
  return form.slice(start, end);
}

function withOtherCase(form: string): string {
  const first = String.fromCodePoint(form.codePointAt(0)!);
  const lower = first.toLowerCase();
  const other = lower === first ? first.toUpperCase() : lower;
  return other + form.slice(first.length);
}

function splitsPair(text: string, at: number): boolean {
  if (at <= 0 || at >= text.length) return false;
  const before = text.charCodeAt(at - 1);
  const after = text.charCodeAt(at);
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff;
}
