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

/** Sections of a text: each begins with its headings, and those with nothing between stay together. */
export function sectionsOf({ text, headings }: SourceText): Span[] {
  const sections: Span[] = [];
  let from = 0;
  let bodySeen = 0;
  for (const { span } of headings) {
    if (text.slice(bodySeen, span[0]).trim() !== "") {
      sections.push([from, span[0]]);
      from = span[0];
    }
    bodySeen = span[1];
  }
  sections.push([from, text.length]);
  return sections;
}

/** Paragraphs of one section, counted; no leaf has more than `maxTokens`. Every character is counted about once. */
export function paragraphsOf(
  { text, blocks = [] }: SourceText,
  [start, end]: Span,
  countTokens: CountTokens,
  maxTokens: number,
): Paragraph[] {
  const paragraphs: Paragraph[] = [];
  const add = (spans: readonly Span[], limit: number): void => {
    const leaves = spans.flatMap(([from, to], index) =>
      countLeaf(text, from, to, spans[index + 1]?.[0] ?? limit, countTokens, maxTokens),
    );
    if (leaves.length > 0) paragraphs.push(leaves);
  };
  const addProse = (from: number, to: number): void => {
    let at = from;
    for (const { 0: gap, index } of text.slice(from, to).matchAll(blankLine)) {
      const next = from + index + gap.length;
      add(sentences(text, { start: at, end: from + index }), next);
      at = next;
    }
    add(sentences(text, { start: at, end: to }), to);
  };
  let at = start;
  for (const [from, to] of mergeSpans([...blocks, ...findBlocks(text, start, end)], start, end)) {
    addProse(at, from);
    add(linesOf(text, from, to), to);
    at = to;
  }
  addProse(at, end);
  return paragraphs;
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
    const last = at + text.slice(at, lineEnd).trimEnd().length;
    if (last - at > maxLine) lines.push(...sentences(text, { start: at, end: last }));
    else if (last > at) lines.push([at, last]);
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
    const last = from + text.slice(from, to).trimEnd().length;
    const count = countTokens(text.slice(from, to));
    const smallest = cutPoint(text, from + 1, from);
    if (count > maxTokens && to > smallest) {
      step = Math.max(1, Math.floor((to - from) / 2));
      continue;
    }
    const gap = to >= end && next > end ? countTokens(text.slice(end, next)) : 0;
    if (last > from) leaves.push({ start: from, end: last, tokens: Math.min(maxTokens, Math.max(1, count + gap)) });
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
