import type { Passage } from "../source/passage.js";
import { passageId } from "../source/passage-id.js";
import type { Heading, SourceText } from "../source/source-text.js";
import type { Span } from "../source/span.js";
import { contentHash } from "./content-hash.js";

/**
 * Makes passages of spans. The id is a hash of source id, text, and ordinal among equal texts of the source, so that
 * text inserted above changes no id below.
 *
 * @param spans in UTF-16 code units, in order of their start
 */
export function assemblePassages(sourceText: SourceText, spans: readonly Span[]): Passage[] {
  const { source, text, pages, headings } = sourceText;
  const seen = new Map<string, number>();
  const pageStarts = pages.map(({ start }) => start);
  const headingStarts = headings.map(({ span }) => span[0]);
  const parents = parentsOf(headings);
  const lines = lineStarts(text);
  return spans.map((span, ordinal) => {
    const [start, end] = span;
    const quoted = text.slice(start, end);
    const copy = seen.get(quoted) ?? 0;
    seen.set(quoted, copy + 1);
    const onPage = lastAtOrBefore(pageStarts, start);
    const page = pages[onPage]?.page;
    const pageBreaks = pages.slice(onPage + 1, lastAtOrBefore(pageStarts, end - 1) + 1);
    return {
      id: passageId(contentHash(JSON.stringify([source.id, quoted, copy]))),
      source: source.id,
      ordinal,
      span,
      text: quoted,
      title: source.title,
      headings: pathOf(headings, parents, lastAtOrBefore(headingStarts, bodyStart(sourceText, headingStarts, span))),
      ...(page === undefined ? {} : { page }),
      ...(pageBreaks.length === 0 ? {} : { pageBreaks }),
      line: lastAtOrBefore(lines, start) + 1,
      ...(source.uri === undefined ? {} : { uri: source.uri }),
      metadata: source.metadata,
      ...(source.access === undefined ? {} : { access: source.access }),
    };
  });
}

/** Index of the last number that is not above `offset`; -1 when all are. */
function lastAtOrBefore(sorted: readonly number[], offset: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** Index of the heading above each heading; -1 for the highest. */
function parentsOf(headings: readonly Heading[]): number[] {
  const open: number[] = [];
  return headings.map(({ level }, index) => {
    while (open.length > 0 && headings[open.at(-1)!]!.level >= level) open.pop();
    const parent = open.at(-1) ?? -1;
    open.push(index);
    return parent;
  });
}

function pathOf(headings: readonly Heading[], parents: readonly number[], index: number): string[] {
  const path: string[] = [];
  for (let i = index; i >= 0; i = parents[i]!) path.unshift(headings[i]!.text);
  return path;
}

/** Where the text behind the headings that open a span begins. */
function bodyStart({ text, headings }: SourceText, starts: readonly number[], [start, end]: Span): number {
  let at = start;
  let next = lastAtOrBefore(starts, start);
  // the heading line that holds the start of the span, then those that follow it with nothing between
  if (next < 0 || headings[next]!.span[1] <= start) next++;
  for (; next < headings.length; next++) {
    const [from, to] = headings[next]!.span;
    if (from >= end || text.slice(at, from).trim() !== "") return at;
    at = Math.max(at, to);
  }
  return at;
}
