import { invalidOption, type Note, note } from "@clew/core";
import { CsvError, parse } from "csv-parse";
import { breathe } from "../event-loop.js";
import { unreadableSource } from "../unreadable-source.js";
import { guessDelimiter } from "./guess-delimiter.js";

/** Options of {@link csvRows}. */
export interface CsvOptions {
  /** One character. @default guessed among `,` `;` tab `|`, with a note when it is not what the ending promises */
  readonly delimiter?: string | undefined;
  /**
   * Names of the columns: of the first row, with `false` numbered (`Column 1`), or given.
   * @default true
   */
  readonly header?: boolean | readonly string[] | undefined;
}

/** One row of a table. */
export interface CsvRow {
  /** Names and values of the cells that are not empty, in order. */
  readonly cells: readonly (readonly [column: string, value: string])[];
  /** Line of the text on which it begins, from 1. */
  readonly line: number;
  /** Lines that it takes: more than one where a quoted value holds line ends. */
  readonly lines: number;
  /** True when it has another number of fields than there are columns. */
  readonly ragged: boolean;
}

/** A table being read. */
export interface CsvTable {
  readonly columns: readonly string[];
  /** Line that holds the names, from 1; undefined when none does. */
  readonly headerLine: number | undefined;
  readonly delimiter: string;
  /** In batches, each let go of before the next is parsed. */
  readonly rows: AsyncGenerator<readonly CsvRow[], void, undefined>;
  readonly notes: readonly Note[];
}

const chunkLength = 32_768;

/** @throws ClewError `invalid-option` */
export function checkCsvOptions({ delimiter, header }: CsvOptions): void {
  if (delimiter !== undefined && (typeof delimiter !== "string" || delimiter.length !== 1 || /["\n]/.test(delimiter))) {
    throw invalidOption("delimiter", "one character other than a quote or line end", delimiter);
  }
  const named = header === undefined || typeof header === "boolean";
  if (!named && !(Array.isArray(header) && header.length > 0 && header.every((name) => typeof name === "string"))) {
    throw invalidOption("header", "true, false or the names of the columns", header);
  }
}

/**
 * Parses delimited text row by row, letting other work run in between.
 *
 * @throws ClewError `unreadable-source`, also while the rows are iterated, for a quote that is never closed
 */
export async function csvRows(
  text: string,
  { name, delimiter, header = true, signal }: CsvOptions & { name: string; signal?: AbortSignal | undefined },
): Promise<CsvTable> {
  const promised = name.toLowerCase().endsWith(".tsv") || name.toLowerCase().endsWith(".tab") ? "\t" : ",";
  const guessed = delimiter === undefined ? guessDelimiter(text, promised) : { delimiter, certain: true };
  const notes: Note[] = [];
  if (delimiter === undefined && guessed.delimiter !== promised) {
    const shown = guessed.delimiter === "\t" ? "tab" : guessed.delimiter;
    notes.push(note("guessed", `${name} was read with the delimiter "${shown}".`, { delimiter: guessed.delimiter }));
  }
  const records = recordsOf(text, { name, delimiter: guessed.delimiter, signal });
  let columns: string[];
  let head: readonly RawRow[] | undefined;
  let headerLine: number | undefined;
  if (Array.isArray(header)) columns = columnNames(header);
  else {
    head = (await records.next()).value ?? [];
    const first = head[0];
    if (first === undefined)
      throw unreadableSource({ name, because: "it holds no row", remedy: "Fill it, or leave it out." });
    columns = columnNames(header === true ? first.fields : first.fields.map(() => ""));
    if (header === true) headerLine = first.line;
  }

  async function* rows(): AsyncGenerator<readonly CsvRow[], void, undefined> {
    if (head !== undefined) yield head.slice(header === true ? 1 : 0).map(rowOf);
    for await (const batch of records) yield batch.map(rowOf);
  }
  function rowOf({ fields, line, lines }: RawRow): CsvRow {
    const cells: [string, string][] = [];
    for (const [index, field] of fields.entries()) {
      const value = field.replace(/\s+/g, " ").trim();
      if (value !== "") cells.push([columns[index] ?? `Column ${index + 1}`, value]);
    }
    return { cells, line, lines, ragged: fields.length !== columns.length };
  }
  return { columns, headerLine, delimiter: guessed.delimiter, rows: rows(), notes };
}

interface RawRow {
  readonly fields: readonly string[];
  readonly line: number;
  readonly lines: number;
}

async function* recordsOf(
  text: string,
  { name, delimiter, signal }: { name: string; delimiter: string; signal: AbortSignal | undefined },
): AsyncGenerator<RawRow[], void, undefined> {
  let found: { record: string[]; info: { lines: number } }[] = [];
  let failure: unknown;
  const parser = parse({
    delimiter,
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
  });
  parser.on("data", (row: { record: string[]; info: { lines: number } }) => found.push(row));
  parser.on("error", (error) => {
    failure = error;
  });
  let line = 1; // where the next record begins, empty lines included
  let at = 0; // offset of that line
  const place = (end: number): { line: number; lines: number } => {
    // csv-parse counts lines up to the end of a record, and skips empty ones before it
    while (text[at] === "\n") {
      at++;
      line++;
    }
    const begin = line;
    while (line <= end) {
      const next = text.indexOf("\n", at);
      at = next === -1 ? text.length : next + 1;
      line++;
    }
    return { line: begin, lines: line - begin };
  };
  for (let start = 0; start < text.length && failure === undefined; start += chunkLength) {
    const isLast = start + chunkLength >= text.length;
    const chunk = text.slice(start, start + chunkLength);
    if (isLast) parser.end(chunk);
    else parser.write(chunk);
    await breathe(signal);
    if (isLast && failure === undefined && !parser.readableEnded) {
      await new Promise<void>((resolve) => parser.once("end", resolve).once("error", () => resolve()));
    }
    const ready = found;
    found = [];
    if (ready.length > 0) yield ready.map(({ record, info }) => ({ fields: record, ...place(info.lines) }));
  }
  if (failure === undefined) return;
  const because =
    failure instanceof CsvError && failure.code === "CSV_QUOTE_NOT_CLOSED"
      ? `a quoted value that begins near line ${line} is never closed`
      : `its rows cannot be told apart (${failure instanceof Error ? failure.message : String(failure)})`;
  throw unreadableSource({ name, because, remedy: "Correct that line, or leave the file out.", cause: failure });
}

function columnNames(fields: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return fields.map((field, index) => {
    const name = field.replace(/\s+/g, " ").trim() || `Column ${index + 1}`;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  });
}
