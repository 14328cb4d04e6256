import type { SourceText } from "../source/source-text.js";
import type { Span } from "../source/span.js";
import { cutPoint } from "./cut-point.js";
import { findBlocks } from "./find-blocks.js";
import { sentences } from "./sentences.js";

/** Counts the tokens of a text; never more than the sum of the counts of its pieces. */
export type CountTokens = (text: string) => number;

/** The smallest piece that the splitter moves: a sentence, a table row, a line of code. */
export interface Leaf {
  readonly start: number;
  /** Offset behind its last character that is not white space. */
  readonly end: number;
  /** Tokens up to the start of the next leaf, white space between included; 1 or more. */
  readonly tokens: number;
}

/** A paragraph, table or code block. */
export type Paragraph = readonly Leaf[];

const blankLine = /\r?\n(?:[^\S\n]*\n)+/g;
/** A line above this length, in UTF-16 code units, is cut into sentences like prose. */
const maxLine = 1000;

/** A part of a text below its headings. */
export interface Section {
  readonly span: Span;
  /** Offset behind its headings. */
  readonly body: number;
}

/** Sections of a text: each begins with its headings, and those with nothing between stay together. */
export function sectionsOf({ text, headings }: SourceText): Section[] {
  const sections: Section[] = [];
  let from = 0;
  let body = 0;
  for (const { span } of headings) {
    if (text.slice(body, span[0]).trim() !== "") {
      sections.push({ span: [from, span[0]], body });
      from = span[0];
    }
    body = span[1];
  }
  sections.push({ span: [from, text.length], body });
  return sections;
}

/**
 * Paragraphs of one section, counted, the headings being part of the first. No leaf has more than `maxTokens`; every
 * character is counted about once.
 */
export function paragraphsOf(
  { text, blocks = [] }: SourceText,
  { span: [start, end], body }: Section,
  countTokens: CountTokens,
  maxTokens: number,
): Paragraph[] {
  const found: Span[][] = [];
  const addProse = (from: number, to: number): void => {
    let at = from;
    for (const { 0: gap, index } of text.slice(from, to).matchAll(blankLine)) {
      found.push(sentences(text, { start: at, end: from + index }));
      at = from + index + gap.length;
    }
    found.push(sentences(text, { start: at, end: to }));
  };
  let at = start;
  for (const [from, to] of mergeSpans([...blocks, ...findBlocks(text, start, end)], start, end)) {
    addProse(at, from);
    found.push(linesOf(text, from, to));
    at = to;
  }
  addProse(at, end);

  const spans = found.filter((paragraph) => paragraph.length > 0);
  const paragraphs = spans.map((paragraph, index): Paragraph => {
    const limit = spans[index + 1]?.[0]?.[0] ?? end;
    return paragraph.flatMap(([from, to], i) =>
      countLeaf(text, from, to, paragraph[i + 1]?.[0] ?? limit, countTokens, maxTokens),
    );
  });
  const first = paragraphs.findIndex((leaves) => leaves.at(-1)!.start >= body);
  return first > 0 ? [paragraphs.slice(0, first + 1).flat(), ...paragraphs.slice(first + 1)] : paragraphs;
}

/** Spans cut to [start, end), in order, those that overlap joined. */
function mergeSpans(spans: readonly Span[], start: number, end: number): Span[] {
  const merged: [number, number][] = [];
  const inside = spans.filter(([from, to]) => from < end && to > start).sort((a, b) => a[0] - b[0]);
  for (const [from, to] of inside) {
    const last = merged.at(-1);
    if (last !== undefined && from < last[1]) last[1] = Math.max(last[1], Math.min(to, end));
    else merged.push([Math.max(from, start), Math.min(to, end)]);
  }
  return merged;
}

function linesOf(text: string, start: number, end: number): Span[] {
  const lines: Span[] = [];
  for (let at = start; at < end; ) {
    const newline = text.indexOf("\n", at);
    const lineEnd = newline === -1 || newline >= end ? end : newline;
    const line = text.slice(at, lineEnd);
    const first = at + line.length - line.trimStart().length;
    const last = at + line.trimEnd().length;
    if (last - first > maxLine) lines.push(...sentences(text, { start: first, end: last }));
    else if (last > first) lines.push([first, last]);
    at = lineEnd + 1;
  }
  return lines;
}

/** One leaf, or several where a sentence has more tokens than a passage may have. */
function countLeaf(
  text: string,
  start: number,
  end: number,
  next: number,
  countTokens: CountTokens,
  maxTokens: number,
): Leaf[] {
  const tokens = countTokens(text.slice(start, next));
  if (tokens <= maxTokens) return [{ start, end, tokens: Math.max(1, tokens) }];
  const leaves: Leaf[] = [];
  let step = Math.max(1, Math.floor(((end - start) * maxTokens * 0.8) / tokens));
  for (let from = start; from < end; ) {
    const to = pieceEnd(text, from, end, step);
    const piece = text.slice(from, to);
    const first = from + piece.length - piece.trimStart().length;
    const last = from + piece.trimEnd().length;
    const count = countTokens(piece);
    const smallest = cutPoint(text, from + 1, from);
    if (count > maxTokens && to > smallest) {
      step = Math.max(1, Math.floor((to - from) / 2));
      continue;
    }
    const gap = to >= end && next > end ? countTokens(text.slice(end, next)) : 0;
    if (last > from) leaves.push({ start: first, end: last, tokens: Math.min(maxTokens, Math.max(1, count + gap)) });
    // white space of a whole piece: what stands before it must not be joined to what follows
    else if (leaves.length > 0) leaves.push({ ...leaves.pop()!, tokens: maxTokens });
    from = to;
  }
  return leaves;
}

/** End of a piece of about `step` code units: behind white space in its second half, else between two characters. */
function pieceEnd(text: string, from: number, end: number, step: number): number {
  if (from + step >= end) return end;
  const slice = text.slice(from, from + step);
  const space = slice.search(/\s\S*$/);
  if (space >= step / 2) return from + space + 1;
  return Math.min(end, cutPoint(text, from + step, from));
}
