import { type Note, note, positiveInteger, type Reader } from "@clew/core";
import { breathe } from "../event-loop.js";
import { documentTitle } from "../pdf/document-title.js";
import { zippedMediaTypes } from "../sniff-media-type.js";
import { sourceOf } from "../source-of.js";
import { textBuilder } from "../source-text-builder.js";
import { unreadableSource } from "../unreadable-source.js";
import { WorkerFailure, workerCall } from "../worker-call.js";
import { officeTitle } from "./office-title.js";
import { openZip, type ZipLimits } from "./open-zip.js";
import { rowLine, type SheetRow, sheetParts } from "./sheet-lines.js";

/** Options of {@link xlsxReader}. */
export interface XlsxReaderOptions {
  /** Rows of a sheet beyond this number are left out, with a `cut` note. @default 50000 */
  readonly maxRows?: number | undefined;
  /** How large the workbook may be when inflated. */
  readonly limits?: ZipLimits | undefined;
}

const expected = { mediaType: zippedMediaTypes.xlsx, description: "an Excel workbook (.xlsx)" };

/**
 * Reads Excel workbooks with read-excel-file (an optional peer) on a thread of its own: each sheet is a heading, each row a line and block of
 * its own, `Header: value; Header: value`, so that a quoted row names its columns (see {@link sheetParts} for how the
 * header is guessed). Formulas give the value last computed; dates are ISO 8601. Charts, comments and pictures are not
 * read; hidden sheets and rows are.
 */
export function xlsxReader({ maxRows = 50_000, limits }: XlsxReaderOptions = {}): Reader {
  positiveInteger("maxRows", maxRows);
  return {
    id: maxRows === 50_000 ? "xlsx@1" : `xlsx@1?maxRows=${maxRows}`,
    mediaTypes: [zippedMediaTypes.xlsx],
    extensions: [".xlsx"],
    async read(input, { signal } = {}) {
      signal?.throwIfAborted();
      const { name, bytes } = input;
      const zip = openZip({ bytes, name, expected, limits });
      const clean = await zip.repack(
        (path) => /\.(?:xml|rels)$/i.test(path) && !/^xl\/(?:drawings|charts|media)\//.test(path),
        signal,
      );
      const sheets = await readSheets({ bytes: clean, name, maxRows, signal });
      const builder = textBuilder();
      const notes: Note[] = [];
      for (const { sheet, rows, count } of sheets) {
        const { above, names, body } = sheetParts(rows);
        if (body.length === 0) continue;
        builder.heading(1, sheet);
        for (const row of above) builder.paragraph(rowLine(row));
        for (const [index, row] of body.entries()) {
          if (index % 1000 === 0) await breathe(signal);
          builder.block(rowLine(row, names));
        }
        if (names === undefined && body.length > 1) {
          notes.push(note("guessed", `Sheet "${sheet}" of "${name}" seems to have no header row.`, { sheet }));
        }
        if (count > maxRows) {
          notes.push(
            note(
              "cut",
              `Only the first ${maxRows} of ${count} rows of sheet "${sheet}" of "${name}" were read. Raise maxRows to read more.`,
              {
                sheet,
                maxRows,
                rows: count,
              },
            ),
          );
        }
      }
      if (builder.length === 0) {
        throw unreadableSource({
          name,
          because: "none of its sheets holds a value",
          remedy: "Fill it, or leave it out.",
        });
      }
      const title = documentTitle({ title: await officeTitle(zip), name });
      return { text: builder.build({ source: sourceOf(input, { title }) }), notes };
    },
  };
}

interface ReadSheetsOptions {
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly maxRows: number;
  readonly signal: AbortSignal | undefined;
}

interface SheetPart {
  readonly sheet: string;
  /** Rows of the whole sheet. */
  readonly count: number;
  readonly rows: readonly SheetRow[];
}

async function readSheets({ bytes, name, maxRows, signal }: ReadSheetsOptions) {
  const sheets: { sheet: string; count: number; rows: SheetRow[] }[] = [];
  try {
    await workerCall<SheetPart, object>({
      script: "office.js",
      request: { kind: "xlsx", bytes, maxRows },
      neededBy: "xlsxReader",
      onPart: ({ sheet, count, rows }) => {
        // a part without rows begins a sheet
        if (rows.length === 0) sheets.push({ sheet, count, rows: [] });
        else sheets.at(-1)!.rows.push(...rows);
      },
      signal,
    });
  } catch (cause) {
    if (!(cause instanceof WorkerFailure)) throw cause;
    throw unreadableSource({
      name,
      because: `the workbook is damaged (${cause.message})`,
      remedy: "Open it in a spreadsheet program and save it again.",
      cause,
    });
  }
  return sheets;
}
