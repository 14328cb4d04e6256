import { type Note, note, positiveInteger, type Reader, type Span } from "@clew/core";
import { sourceOf } from "../source-of.js";
import { decodeText } from "../text/decode-text.js";
import { unreadableSource } from "../unreadable-source.js";
import { type CsvOptions, type CsvRow, checkCsvOptions, csvRows } from "./csv-rows.js";

/** Options of {@link csvReader}. */
export interface CsvReaderOptions extends CsvOptions {
  /** Rows beyond this number are left out, with a `cut` note. @default 200000 */
  readonly maxRows?: number | undefined;
}

/**
 * Reads CSV and TSV: every row is one line, `Column: value; Column: value`, and a block of its own, so that a quote
 * names its columns. Line numbers of the text are those of the file: a row whose quoted values hold line ends is
 * followed by as many empty lines. Empty cells are left out; rows with too few or too many fields are kept and reported.
 */
export function csvReader({ maxRows = 200_000, ...options }: CsvReaderOptions = {}): Reader {
  positiveInteger("maxRows", maxRows);
  checkCsvOptions(options);
  const own = Object.entries({ ...options, ...(maxRows === 200_000 ? {} : { maxRows }) }).filter(
    ([, value]) => value !== undefined,
  );
  return {
    id: own.length === 0 ? "csv@1" : `csv@1?${JSON.stringify(own)}`,
    mediaTypes: ["text/csv", "text/tab-separated-values"],
    extensions: [".csv", ".tsv", ".tab"],
    async read(input, { signal } = {}) {
      signal?.throwIfAborted();
      const { name } = input;
      const decoded = await decodeText(input.bytes, { name, expected: "a table of delimited text", signal });
      const byType =
        input.mediaType === "text/tab-separated-values" && !/\.(?:csv|tsv|tab)$/i.test(name) ? `${name}.tsv` : name;
      const table = await csvRows(decoded.text, { ...options, name: byType, signal });
      const notes: Note[] = [...decoded.notes, ...table.notes];

      const lines: string[] = Array.from({ length: (table.headerLine ?? 1) - 1 }, () => "");
      if (table.headerLine !== undefined) lines.push(table.columns.join("; "));
      const blocks: Span[] = [];
      const ragged: number[] = [];
      let length = lines.join("\n").length;
      let rows = 0;
      const add = ({ line: place, cells, ragged: isRagged }: CsvRow): void => {
        if (isRagged) ragged.push(place);
        while (lines.length < place - 1) {
          if (lines.length > 0) length++;
          lines.push("");
        }
        const line = cells.map(([column, value]) => `${column}: ${value}`).join("; ");
        const start = lines.length === 0 ? 0 : length + 1;
        lines.push(line);
        length = start + line.length;
        if (line !== "") blocks.push([start, length]);
      };
      for await (const batch of table.rows) {
        const room = maxRows - rows;
        for (const row of batch.slice(0, room)) add(row);
        rows += Math.min(room, batch.length);
        if (batch.length <= room) continue;
        const message = `Only the first ${maxRows} rows of ${name} were read. Raise maxRows to read more.`;
        notes.push(note("cut", message, { maxRows }));
        break;
      }
      if (blocks.length === 0) {
        throw unreadableSource({ name, because: "it holds no row with a value", remedy: "Fill it, or leave it out." });
      }
      if (ragged.length > 0) {
        const shown = ragged.slice(0, 5).join(", ");
        const message = `${ragged.length} of ${rows} rows of ${name} do not have ${table.columns.length} fields (line ${shown}${ragged.length > 5 ? ", …" : ""}); they were read as far as they go.`;
        notes.push(note("guessed", message, { rows: ragged.length, lines: ragged.slice(0, 100) }));
      }
      // a value may begin with a combining mark; after "; " or ": " nothing composes, so the lines stay NFC
      return { text: { source: sourceOf(input), text: lines.join("\n"), pages: [], headings: [], blocks }, notes };
    },
  };
}
