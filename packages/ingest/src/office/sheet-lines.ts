/** A row as a spreadsheet holds it: strings, numbers, booleans, dates, and null for an empty cell. */
export type SheetRow = readonly unknown[];

/** The rows of one sheet, told apart. */
export interface SheetParts {
  /** What stands above the header row, such as a title. */
  readonly above: readonly SheetRow[];
  /** Names of the columns, "" for one without; undefined when no row looks like a header. */
  readonly names: readonly string[] | undefined;
  /** The rows below the header, or all of them. */
  readonly body: readonly SheetRow[];
}

const searchedRows = 10;

/**
 * Guesses the header row of a sheet: the first of ten rows that fills at least 60 % of the columns in use (two at least)
 * with different short texts and no other value, when a row follows. Blank rows are left out.
 */
export function sheetParts(rows: readonly SheetRow[]): SheetParts {
  const kept = rows.filter((row) => row.some((cell) => !isBlank(cell)));
  const width = kept.reduce((widest, row) => Math.max(widest, row.filter((cell) => !isBlank(cell)).length), 0);
  const header = kept.slice(0, searchedRows).findIndex((row) => isHeader(row, width));
  if (header < 0 || header === kept.length - 1) return { above: [], names: undefined, body: kept };
  return { above: kept.slice(0, header), names: kept[header]!.map(cellText), body: kept.slice(header + 1) };
}

/**
 * Writes a row as a line that can be quoted by itself: `Name: value; Name: value`, or values joined by ` | ` without
 * names. Empty cells are left out; dates are ISO 8601 to the second, without a time at midnight; numbers have at most 15
 * digits, as in Excel.
 */
export function rowLine(row: SheetRow, names?: readonly string[]): string {
  const cells = row.map(cellText);
  if (names === undefined) return cells.filter((cell) => cell !== "").join(" | ");
  return cells.flatMap((cell, at) => (cell === "" ? [] : [names[at] ? `${names[at]}: ${cell}` : cell])).join("; ");
}

const isBlank = (cell: unknown): boolean =>
  cell === null || cell === undefined || (typeof cell === "string" && cell.trim() === "");

function isHeader(row: SheetRow, width: number): boolean {
  const filled = row.filter((cell) => !isBlank(cell));
  if (filled.length < Math.max(2, width * 0.6) || !filled.every((cell) => typeof cell === "string")) return false;
  const names = filled.map(cellText);
  return names.every((name) => name.length <= 100) && new Set(names).size === names.length;
}

function cellText(cell: unknown): string {
  if (isBlank(cell)) return "";
  if (cell instanceof Date) {
    if (Number.isNaN(cell.getTime())) return "";
    // day fractions such as 0.354166… fall a millisecond short of their second
    const rounded = new Date(Math.round(cell.getTime() / 1000) * 1000);
    return rounded.toISOString().replace(/T00:00:00\.000Z$|\.000Z$/, "");
  }
  if (typeof cell === "number") return String(Number.isInteger(cell) ? cell : Number(cell.toPrecision(15)));
  return String(cell).replace(/\s+/g, " ").trim();
}
