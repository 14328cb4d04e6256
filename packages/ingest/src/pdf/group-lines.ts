import type { Line, Region } from "./page-lines.js";

/** Lines that belong together, in reading order. */
export type LineGroup =
  | { readonly kind: "heading"; readonly lines: readonly Line[]; readonly level: number }
  | { readonly kind: "paragraph"; readonly lines: readonly Line[]; readonly gapBefore: boolean }
  | { readonly kind: "table"; readonly lines: readonly Line[] };

/** What is usual in the whole document. */
export interface TypicalLine {
  /** Size of most letters, in points. */
  readonly size: number;
  /** Font of most letters. */
  readonly font: string | undefined;
}

/** Finds the size and the font of most letters. */
export function typicalLine(pages: readonly (readonly Region[])[]): TypicalLine {
  const sizes = new Map<number, number>();
  const fonts = new Map<string, number>();
  for (const { text, size, font } of pages.flat().flatMap(({ lines }) => lines)) {
    const rounded = Math.round(size * 2) / 2;
    sizes.set(rounded, (sizes.get(rounded) ?? 0) + text.length);
    if (font !== undefined) fonts.set(font, (fonts.get(font) ?? 0) + text.length);
  }
  return { size: mostFrequent(sizes) ?? 10, font: mostFrequent(fonts) };
}

function mostFrequent<T>(counts: ReadonlyMap<T, number>): T | undefined {
  let best: [T, number] | undefined;
  for (const entry of counts) if (best === undefined || entry[1] > best[1]) best = entry;
  return best?.[0];
}

/**
 * Groups the lines of a region into headings, paragraphs and tables.
 *
 * A table is two or more rows with several cells, with at most two lines of one cell between them. A heading is a short
 * line, apart from its neighbours, that is clearly larger than the body (level 1 from 1.6 times, level 2 from 1.15
 * times), or in the body's size but in a font of its own (level 3; level 2 for "Item 7", "Note 3", "PART II" and their
 * like). What a font looks like is not known, so that this stays conservative.
 */
export function groupLines(region: Region, typical: TypicalLine): LineGroup[] {
  const { lines } = region;
  const spacing = usualSpacing(lines);
  const left = Math.min(...lines.map(({ x }) => x));
  const right = Math.max(...lines.map((line) => line.right));
  const context = { typical, spacing, left, right };
  const groups: LineGroup[] = [];
  for (let at = 0; at < lines.length; ) {
    const rows = tableLength(lines, at, right - left);
    if (rows > 0) {
      groups.push({ kind: "table", lines: lines.slice(at, at + rows) });
      at += rows;
      continue;
    }
    const headingLines = headingLength(lines, at, context);
    if (headingLines > 0) {
      const heading = lines.slice(at, at + headingLines);
      groups.push({ kind: "heading", lines: heading, level: headingLevel(heading[0]!, typical) });
      at += headingLines;
      continue;
    }
    const first = lines[at]!;
    const paragraph = [first];
    while (++at < lines.length) {
      const line = lines[at]!;
      const stop = tableLength(lines, at, right - left) > 0 || headingLength(lines, at, context) > 0;
      if (stop || !continuesParagraph(paragraph.at(-1)!, line, right, spacing)) break;
      paragraph.push(line);
    }
    const before = lines[lines.indexOf(first) - 1];
    const gapBefore = before === undefined || first.y - before.y > spacing(first) * 1.3;
    groups.push({ kind: "paragraph", lines: paragraph, gapBefore });
  }
  return groups;
}

// distance from one baseline to the next, by font size: the most frequent one, at least the size itself
function usualSpacing(lines: readonly Line[]): (line: Line) => number {
  const counts = new Map<number, number>();
  for (let at = 1; at < lines.length; at++) {
    const ratio = (lines[at]!.y - lines[at - 1]!.y) / lines[at]!.size;
    if (ratio < 0.9 || ratio > 2.2) continue;
    const rounded = Math.round(ratio * 20) / 20;
    counts.set(rounded, (counts.get(rounded) ?? 0) + 1);
  }
  const usual = mostFrequent(counts) ?? 1.2;
  return (line) => usual * line.size;
}

function tableLength(lines: readonly Line[], start: number, width: number): number {
  if (!isRow(lines[start]!)) return 0;
  let rows = 1;
  let end = start + 1;
  for (let at = start + 1; at < lines.length && at <= end + 2; at++) {
    const line = lines[at]!;
    if (line.y - lines[at - 1]!.y > line.size * 4.5) break;
    if (isRow(line)) {
      rows++;
      end = at + 1;
    } else if (line.right - line.x > width * 0.75) break;
  }
  return rows > 1 ? end - start : 0;
}

const isRow = (line: Line): boolean => line.cells.length > 1;

const structural =
  /^(?:part|item|note|chapter|section|article|appendix|annex|exhibit|schedule)\s+(?:\d+[a-z]?|[ivxlc]+|[a-z])\b/i;

interface HeadingContext {
  readonly typical: TypicalLine;
  readonly spacing: (line: Line) => number;
  /** Left and right end of the region. */
  readonly left: number;
  readonly right: number;
}

// 0 for no heading
function headingLength(lines: readonly Line[], start: number, context: HeadingContext): number {
  const { typical, spacing, left, right } = context;
  const first = lines[start]!;
  if (!looksLikeHeading(first, typical)) return 0;
  const before = lines[start - 1];
  const larger = isLarger(first, typical);
  const apart = before === undefined || larger || first.y - before.y >= spacing(first) * 1.15;
  if (!apart && !(before.font === first.font && looksLikeHeading(before, typical))) return 0;
  let end = start + 1;
  while (end < lines.length && end - start < 3) {
    const line = lines[end]!;
    const full = lines[end - 1]!.right - left > (right - left) * 0.7 || /^\p{Ll}/u.test(line.text);
    if (!full || !alike(line, first) || line.y - lines[end - 1]!.y > line.size * 1.6) break;
    end++;
  }
  const text = lines
    .slice(start, end)
    .map((line) => line.text)
    .join(" ");
  if (text.length > 160 || (/[.;,:]$/.test(text) && !(structural.test(text) && text.length < 100))) return 0;
  const after = lines.slice(end).find((line) => !alike(line, first) || !looksLikeHeading(line, typical));
  // the last line of a page, or a paragraph set in another font, is not a heading
  if (after === undefined) return larger ? end - start : 0;
  return alike(after, first) && after.y - lines[end - 1]!.y < first.size * 1.6 ? 0 : end - start;
}

const alike = (line: Line, first: Line): boolean =>
  line.font === first.font && Math.abs(line.size - first.size) < 0.5 && line.cells.length === 1;

function looksLikeHeading(line: Line, typical: TypicalLine): boolean {
  if (line.cells.length > 1 || line.font === undefined || line.text.length > 120) return false;
  if (!/^[\p{Lu}\p{Lo}\p{N}(“"]/u.test(line.text) || !/\p{L}{2}/u.test(line.text)) return false;
  if (/[;,]$/.test(line.text)) return false;
  return isLarger(line, typical) || (line.font !== typical.font && line.size >= typical.size * 0.95);
}

const isLarger = (line: Line, typical: TypicalLine): boolean => line.size >= typical.size * 1.15;

function headingLevel(line: Line, typical: TypicalLine): number {
  if (line.size >= typical.size * 1.6) return 1;
  return isLarger(line, typical) || structural.test(line.text) ? 2 : 3;
}

const startsItem = /^(?:[•●▪■◦‣·○□➢✓*–—]\s|\(?(?:\d{1,3}|[A-Za-z]|[ivx]{1,5})[.)]\s)/;

function continuesParagraph(before: Line, line: Line, right: number, spacing: (line: Line) => number): boolean {
  if (line.cells.length > 1 || before.cells.length > 1 || startsItem.test(line.text)) return false;
  if (Math.abs(line.size - before.size) > 1.5) return false;
  const drop = line.y - before.y;
  if (drop > spacing(line) * 1.3 || drop < -line.size) return false;
  if (/[\p{L}\p{N}][-‐\u00ad]$/u.test(before.text)) return true;
  if (/^\p{Ll}/u.test(line.text) && !/[.!?]["”’)]*$/.test(before.text)) return true;
  // the first word below would not have fitted above
  const word = (/^\S+/.exec(line.text)?.[0].length ?? 0) * line.size * 0.5;
  return before.right + word >= right - line.size * 2;
}
