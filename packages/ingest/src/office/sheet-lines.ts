/** A cell as a spreadsheet holds it: a string, number, boolean, Date, or null. */
export type SheetCell = unknown;

/** The rows of one sheet as lines of text. */
export interface SheetLines {
  /** What stands above the header row, such as a title. */
  readonly above: readonly string[];
  /** One line a row: `Header: value; Header: value`, or values joined by ` | ` without a header row. */
  readonly lines: readonly string[];
  /** True when a header row was found; it was guessed from its looks. */
  readonly hasHeader: boolean;
}

const searchedRows = 10;

/**
 * Writes each row of a sheet as a line that can be quoted by itself. The header is the first of ten rows that fills at
 * least 60 % of the columns in use (two at least) with different short texts and no other value, when a row follows.
 * Empty cells are left out; dates are ISO 8601, without a time at midnight; numbers have at most 15 digits, as in Excel.
 */
export function sheetLines(rows: readonly (readonly SheetCell[])[]): SheetLines {
  const texts = rows.map((row) => row.map(cellText)).filter((row) => row.some((cell) => cell !== ""));
  const kept = rows.filter((row) => row.some((cell) => cellText(cell) !== ""));
  const width = texts.reduce((widest, row) => Math.max(widest, row.filter((cell) => cell !== "").length), 0);
  const header = kept.slice(0, searchedRows).findIndex((row) => isHeader(row, width));
  if (header < 0 || header === kept.length - 1) {
    return { above: [], lines: texts.map((row) => row.filter((cell) => cell !== "").join(" | ")), hasHeader: false };
  }
  const names = texts[header]!;
  return {
    above: texts.slice(0, header).map((row) => row.filter((cell) => cell !== "").join(" | ")),
    lines: texts
      .slice(header + 1)
      .map((row) =>
        row
          .flatMap((cell, column) => (cell === "" ? [] : [names[column] ? `${names[column]}: ${cell}` : cell]))
          .join("; "),
      ),
    hasHeader: true,
  };
}

function isHeader(row: readonly SheetCell[], width: number): boolean {
  const filled = row.filter((cell) => cellText(cell) !== "");
  if (filled.length < Math.max(2, width * 0.6)) return false;
  const names = filled.map(cellText);
  return (
    filled.every((cell) => typeof cell === "string") &&
    names.every((name) => name.length <= 100) &&
    new Set(names).size === names.length
  );
}

function cellText(cell: SheetCell): string {
  if (cell === null || cell === undefined) return "";
  if (cell instanceof Date)
    return Number.isNaN(cell.getTime()) ? "" : cell.toISOString().replace(/T00:00:00\.000Z$|(?:\.000)?Z$/, "");
  if (typeof cell === "number") return String(Number.isInteger(cell) ? cell : Number(cell.toPrecision(15)));
  return String(cell).replace(/\s+/g, " ").trim();
}
