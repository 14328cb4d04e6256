import type { Segment } from "./segment.js";
import { splitColumns } from "./split-columns.js";
import type { PageItems, TextItem } from "./text-item.js";

/** A line of a page, its cells already told apart. */
export interface Line {
  /** One for running text; more where wide gaps divide the line, as in a table row. */
  readonly cells: readonly string[];
  /** Cells joined by two spaces. */
  readonly text: string;
  /** Left end, in points. */
  readonly x: number;
  readonly right: number;
  /** Baseline, in points from the top. */
  readonly y: number;
  /** Size of most of its letters, in points. */
  readonly size: number;
  /** The font, when the whole line is set in one. */
  readonly font?: string | undefined;
  /** The widest gap between two cells, in multiples of the font size. */
  readonly widestGap: number;
}

/** Lines that are read together from top to bottom: the page, or a column of it. */
export interface Region {
  readonly lines: readonly Line[];
  /** Height of the page, in points. */
  readonly pageHeight: number;
}

/** A gap of this many font sizes divides cells. */
const cellGap = 1.25;

/**
 * Rebuilds the lines of a page from where its text stands: columns of prose one after the other, everything else line
 * by line from top to bottom, wide gaps kept as cell limits.
 */
export function pageLines(page: PageItems): Region[] {
  return splitColumns(segments(page.items), page.width).map((region) => ({
    lines: lines(region),
    pageHeight: page.height,
  }));
}

function segments(items: readonly TextItem[]): Segment[] {
  const found: Segment[] = [];
  let current: Segment | undefined;
  for (const item of items) {
    const last = current?.items.at(-1);
    if (current && last && continues(current, last, item)) {
      current.items.push(item);
      current.x = Math.min(current.x, item.x);
      current.right = Math.max(current.right, item.x + item.width);
    } else {
      current = { items: [item], x: item.x, right: item.x + item.width, y: item.y, size: item.size };
      found.push(current);
    }
  }
  return found;
}

function continues(segment: Segment, last: TextItem, item: TextItem): boolean {
  const size = Math.max(segment.size, item.size);
  const gap = item.rightToLeft ? last.x - (item.x + item.width) : item.x - (last.x + last.width);
  if (gap > size * cellGap || gap < -size * 0.5) return false;
  const rise = Math.abs(item.y - segment.y);
  return rise <= size * 0.25 || (isSmall(item, segment) && rise <= segment.size * 0.6);
}

// a superscript, subscript or footnote mark
const isSmall = (item: TextItem, segment: { size: number }): boolean => item.size <= segment.size * 0.85;

function lines(parts: readonly Segment[]): Line[] {
  const sorted = [...parts].sort((a, b) => a.y - b.y || a.x - b.x);
  const rows: Segment[][] = [];
  for (const part of sorted) {
    const row = rows.at(-1);
    const first = row?.[0];
    // cells centred beside a label of two lines stand half a line off
    const close = first !== undefined && Math.abs(part.y - first.y) <= Math.min(part.size, first.size) * 0.5;
    if (close && !row!.some((other) => overlaps(other, part))) row!.push(part);
    else rows.push([part]);
  }
  return attachMarks(rows).map(line);
}

const overlaps = (a: Segment, b: Segment): boolean =>
  Math.min(a.right, b.right) - Math.max(a.x, b.x) > Math.min(a.size, b.size) * 0.5;

// a row of nothing but small marks belongs to the row whose letters it touches
function attachMarks(rows: Segment[][]): Segment[][] {
  const kept: Segment[][] = [];
  const takes = (row: Segment[] | undefined, mark: Segment): boolean =>
    row?.some((part) => isSmall(mark.items[0]!, part) && Math.abs(part.y - mark.y) <= part.size * 0.6) === true &&
    !row.some((part) => overlaps(part, mark));
  for (const [index, row] of rows.entries()) {
    const short = row.every((part) => part.items.length === 1 && part.items[0]!.text.trim().length <= 4);
    const above = kept.at(-1);
    const below = rows[index + 1];
    if (short && row.every((mark) => takes(above, mark))) above!.push(...row);
    else if (short && row.every((mark) => takes(below, mark))) below!.push(...row);
    else kept.push(row);
  }
  return kept;
}

function line(parts: readonly Segment[]): Line {
  const items = parts.flatMap((part) => part.items);
  const letters = new Map<number, number>();
  for (const { size, text } of items) letters.set(size, (letters.get(size) ?? 0) + text.length);
  const size = [...letters].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]![0];
  const rightToLeft = items.filter((item) => item.rightToLeft).length * 2 > items.length;
  items.sort((a, b) => (rightToLeft ? b.x + b.width - (a.x + a.width) : a.x - b.x));
  const base = items.find((item) => item.size === size)!.y;
  const cells: string[] = [];
  let cell = "";
  let widestGap = 0;
  let last: TextItem | undefined;
  for (const item of items) {
    if (last !== undefined) {
      const gap = (rightToLeft ? last.x - (item.x + item.width) : item.x - (last.x + last.width)) / size;
      if (gap > cellGap) {
        cells.push(cell);
        cell = "";
        widestGap = Math.max(widestGap, gap);
      } else if (gap > 0.12 || isMarkOnNumber(cell, item, base, size)) cell += " ";
    }
    cell += item.text;
    last = item;
  }
  cells.push(cell);
  const joined = joinCells(cells.flatMap(splitLeaders));
  const fonts = new Set(items.filter((item) => /[\p{L}\p{N}]/u.test(item.text)).map(({ font }) => font));
  return {
    cells: joined,
    text: joined.join("  "),
    x: Math.min(...items.map(({ x }) => x)),
    right: Math.max(...items.map(({ x, width }) => x + width)),
    y: base,
    size,
    font: fonts.size === 1 ? [...fonts][0] : undefined,
    widestGap: joined.length > 1 ? widestGap : 0,
  };
}

// a footnote mark must not become another digit of the number before it
const isMarkOnNumber = (before: string, item: TextItem, base: number, size: number): boolean =>
  item.size <= size * 0.85 && item.y < base - size * 0.15 && /\d$/.test(before) && /^\d/.test(item.text);

// the dots that lead from a title to its page number are a gap
const splitLeaders = (cell: string): string[] => cell.split(/(?:\s*\.){5,}\s*|\s*(?:\.\s+){4,}/);

const opening = /^(?:[$€£¥₹]|US\$|[$€£¥₹]?\s*\()$/;
const closing = /^(?:%|\)|\)\s*%|%\s*\))$/;
const enumerator = /^(?:[•●▪■◦‣·○□➢✓*–—-]|\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})[.)])$/;

// a currency sign, bracket, percent sign or bullet set apart is part of its number or sentence
function joinCells(cells: readonly string[]): string[] {
  const joined: string[] = [];
  let prefix = "";
  for (const raw of cells) {
    const cell = raw.replace(/\s+/g, " ").trim();
    if (cell === "") continue;
    if (closing.test(cell) && joined.length > 0 && prefix === "") joined[joined.length - 1] += cell;
    else if (opening.test(cell)) prefix += cell.endsWith("(") ? cell : `${cell} `;
    else if (enumerator.test(cell) && joined.length === 0 && prefix === "") prefix = `${cell} `;
    else {
      joined.push(prefix + cell);
      prefix = "";
    }
  }
  if (prefix !== "") joined.push(prefix.trim());
  return joined;
}
