import type { Span } from "../source/span.js";
import { leadingAbbreviations, monthAbbreviations, sentenceStarters, trailingAbbreviations } from "./abbreviations.js";
import { cutPoint } from "./cut-point.js";

/** Options of {@link sentences}. */
export interface SentencesOptions {
  /** Offset to begin at, in UTF-16 code units. @default 0 */
  start?: number | undefined;
  /** Offset to end before; nothing behind it is looked at. @default the length of the text */
  end?: number | undefined;
}

/** Longest sentence in UTF-16 code units; what is longer is cut at white space, else between characters. */
const maxSentence = 1000;
/** Lines at least this long, in UTF-16 code units, count as wrapped: the sentence goes on in the next one. */
const wrappedLine = 45;
const maxAbbreviation = 12;

const space = /\s/;
const closers = new Set("\"'”’»›)]}」』）】》〉*_");
const wideStops = new Set("。！？｡．");
const candidate = /[.!?…‼⁇⁈⁉。！？｡．\n]/g;
const lineStart = /^(?:[-*+•·‣▪–—]\s|\(?[\p{L}\d]{1,3}[.)]\s|#{1,6}\s|[|>])/u;
const lineOfItsOwn = /^\s*(?:#{1,6}\s|\|)/;

/** A row of a table (cells two spaces apart) or of a record ("Name: value; Name: value"): it says something by itself. */
const row = /[^\s.!?:;,] {2,}\S|^[^\s:;|][^:;\n]{0,60}: [^;\n]{0,160}; [^:;\n]{1,60}: /u;
/** How much of a line is looked at to tell a row. */
const rowGlance = 300;

/**
 * Cuts a text into sentences.
 *
 * Ends are full stops (not those of abbreviations, initials, decimals), `!`, `?`, ellipses before a capital, `。！？`,
 * each with the quotes and brackets that close behind it; blank lines; line ends before list items, around rows of tables and
 * records, and wherever the line was not merely wrapped. Linear time.
 *
 * @returns spans in UTF-16 code units, trimmed, in order, not overlapping, covering whatever is not white space
 */
export function sentences(text: string, { start = 0, end = text.length }: SentencesOptions = {}): Span[] {
  const found: Span[] = [];
  let from = skipSpace(text, start, end);
  let lineFrom = start;
  const cut = (at: number): number => {
    pushBounded(text, from, at, found);
    from = skipSpace(text, at, end);
    return from;
  };
  candidate.lastIndex = from;
  for (let at = from; at < end; ) {
    candidate.lastIndex = at;
    const match = candidate.exec(text);
    if (match === null || match.index >= end) break;
    const stop = match.index;
    if (match[0] === "\n") {
      const next = skipSpace(text, stop, end);
      if (stop >= from && endsLine(text, lineFrom, stop, next, end)) cut(stop);
      lineFrom = next;
      at = next;
      continue;
    }
    const after = skipClosers(text, stop, end);
    at = Math.max(after, stop + 1);
    if (stop >= from && endsSentence(text, from, stop, after, end)) {
      if (text.slice(after, skipSpace(text, after, end)).includes("\n")) lineFrom = skipSpace(text, after, end);
      at = cut(after);
    }
  }
  if (from < end) pushBounded(text, from, end, found);
  return found;
}

function skipSpace(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && space.test(text[at]!)) at++;
  return at;
}

/** Behind the run of stops at `stop` and the quotes and brackets that close it. */
function skipClosers(text: string, stop: number, end: number): number {
  let at = stop;
  while (at < end && /[.!?…‼⁇⁈⁉。！？｡．]/.test(text[at]!)) at++;
  while (at < end && closers.has(text[at]!)) at++;
  return at;
}

function endsSentence(text: string, from: number, stop: number, after: number, end: number): boolean {
  if (wideStops.has(text[stop]!)) return true;
  if (after < end && !space.test(text[after]!)) return false;
  const next = skipSpace(text, after, end);
  if (next >= end) return true;
  const following = text.slice(next, next + 24).replace(/^["'“‘«([¿¡*_]+/, "");
  if (/^\p{Ll}/u.test(following)) return false;
  if (text[stop] !== "." || after > stop + 1) return true;
  return !isAbbreviation(text, from, stop, following);
}

function isAbbreviation(text: string, from: number, stop: number, following: string): boolean {
  const before = text.slice(Math.max(from, stop - maxAbbreviation), stop);
  const word = /(?:^|[\s("'“‘[])([\p{L}.]+)$/u.exec(before)?.[1];
  if (word === undefined) return stop - from <= 3 && /^\(?\d{1,3}$/.test(text.slice(from, stop));
  const lower = word.toLowerCase();
  const starts = sentenceStarters.has(/^\p{L}+/u.exec(following)?.[0].toLowerCase() ?? "");
  if (leadingAbbreviations.has(lower)) return true;
  if (trailingAbbreviations.has(lower)) return lower.startsWith("no") ? /^\d/.test(following) : !starts;
  if (monthAbbreviations.has(lower)) return /^\d/.test(following);
  if (/^\p{Lu}$/u.test(word)) return word !== "I" || !starts;
  return /^\p{L}(?:\.\p{L})+$/u.test(word) && !starts;
}

/** Whether the line that stops at `stop` ends a sentence, given where the next text begins. */
function endsLine(text: string, lineFrom: number, stop: number, next: number, end: number): boolean {
  if (next >= end) return true;
  for (let i = stop + 1; i < next; i++) if (text[i] === "\n") return true;
  const following = text.slice(next, next + 8);
  if (lineStart.test(following) || lineOfItsOwn.test(text.slice(lineFrom, Math.min(stop, lineFrom + 16)))) return true;
  if (isRow(text, lineFrom, stop) || isRow(text, next, end)) return true;
  return !/^\p{Ll}/u.test(following) && stop - lineFrom < wrappedLine;
}

function isRow(text: string, from: number, end: number): boolean {
  const glance = text.slice(from, Math.min(end, from + rowGlance));
  const newline = glance.indexOf("\n");
  return row.test(newline < 0 ? glance : glance.slice(0, newline));
}

function pushBounded(text: string, start: number, end: number, found: Span[]): void {
  let from = start;
  let to = end;
  while (to > from && space.test(text[to - 1]!)) to--;
  while (to - from > maxSentence) {
    let at = from + maxSentence;
    while (at > from + maxSentence / 2 && !space.test(text[at]!)) at--;
    if (!space.test(text[at]!)) at = cutPoint(text, from + maxSentence, from);
    let last = at;
    while (space.test(text[last - 1]!)) last--;
    if (last > from) found.push([from, last]);
    from = skipSpace(text, at, to);
  }
  if (to > from) found.push([from, to]);
}
