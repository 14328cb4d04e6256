import type { Evidence } from "@clew/core";
import { type Analyzer, datesIn, sentences, type Token } from "@clew/core/text";

/** A sentence, a line or a row of a table: what one value is quoted with. */
export interface Unit {
  readonly evidence: Evidence;
  /** Place of the evidence among the others, from 0. */
  readonly order: number;
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly terms: ReadonlySet<string>;
  /** Terms of the title and the headings above it. */
  readonly above: ReadonlySet<string>;
  /** Cells of a row, with what stands at the head of each column; absent: no row. */
  readonly row?: { readonly cells: readonly Cell[]; readonly before: string } | undefined;
}

/** A cell of a row. */
export interface Cell {
  readonly text: string;
  /** Start in the unit's text. */
  readonly start: number;
  /** Year that its column stands under. */
  readonly year?: string | undefined;
}

/** A row has two cells or more, between bars, tabs or three spaces. */
const cellEnd = /\s*\|\s*|\t+|\s{3,}/g;
const lineLike = /[|\t:]|\s{3,}/;

/** Cuts evidence into units: sentences; lines, where a sentence runs over lines with colons or cells. */
export function readUnits(evidence: Evidence, order: number, analyzer: Analyzer): Unit[] {
  const { text, title, headings } = evidence.passage;
  const above = new Set(analyzer.terms([title, ...headings].join("\n")));
  const units: Unit[] = [];
  let years: readonly (string | undefined)[] = [];
  for (const [start, end] of sentences(text)) {
    for (const piece of linesOf(text.slice(start, end))) {
      const shown = piece.trim();
      if (!/[\p{L}\p{N}]/u.test(shown)) continue;
      const cells = cellsOf(shown);
      if (cells.length > 1) {
        const heads = cells.map((cell) => yearOf(cell.text));
        if (isHead(cells, heads)) {
          years = heads;
          continue;
        }
      } else years = [];
      // a row may have an empty first cell, or none
      const shift = years.length - cells.length;
      const withYears = cells.map((cell, at) => {
        const year = years[at + Math.max(0, shift)];
        return year === undefined ? cell : { ...cell, year };
      });
      const tokens = analyzer.analyze(shown);
      units.push({
        evidence,
        order,
        text: shown,
        tokens,
        terms: new Set(tokens.map(({ term }) => term)),
        above,
        ...(cells.length > 1 ? { row: { cells: withYears, before: text.slice(0, start) } } : {}),
      });
    }
  }
  return units;
}

function linesOf(sentence: string): string[] {
  const lines = sentence.split("\n");
  return lines.length > 1 && lines.some((line) => lineLike.test(line.trim())) ? lines : [sentence];
}

function cellsOf(line: string): Cell[] {
  const cells: Cell[] = [];
  let start = 0;
  const push = (end: number): void => {
    const raw = line.slice(start, end);
    const text = raw.trim();
    if (text !== "" || start > 0) cells.push({ text, start: start + raw.length - raw.trimStart().length });
  };
  for (const match of line.matchAll(cellEnd)) {
    push(match.index);
    start = match.index + match[0].length;
  }
  if (start < line.length) push(line.length);
  return cells;
}

function yearOf(cell: string): string | undefined {
  const found = /^(?:FY\s?)?(\d{4})$/i.exec(cell)?.[1];
  return (
    found ??
    datesIn(cell)
      .find(({ value }) => /^\d{4}/.test(value))
      ?.value.slice(0, 4)
  );
}

/** Most of its cells are years, and none is another figure. */
function isHead(cells: readonly Cell[], years: readonly (string | undefined)[]): boolean {
  const dated = years.filter((year) => year !== undefined).length;
  return (
    dated > 0 && cells.every(({ text }, at) => years[at] !== undefined || !/\d/.test(text)) && dated >= cells.length - 2
  );
}
