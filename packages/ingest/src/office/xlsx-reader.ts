import { loadOptional, type Note, note, positiveInteger, type Reader } from "@clew/core";
import { breathe } from "../event-loop.js";
import { documentTitle } from "../pdf/document-title.js";
import { zippedMediaTypes } from "../sniff-media-type.js";
import { sourceOf } from "../source-of.js";
import { textBuilder } from "../source-text-builder.js";
import { unreadableSource } from "../unreadable-source.js";
import { officeTitle } from "./office-title.js";
import { openZip, type ZipLimits } from "./open-zip.js";
import { type SheetCell, sheetLines } from "./sheet-lines.js";

/** Options of {@link xlsxReader}. */
export interface XlsxReaderOptions {
  /** Rows of a sheet beyond this number are left out, with a `cut` note. @default 50000 */
  readonly maxRows?: number | undefined;
  /** How large the workbook may be when inflated. */
  readonly limits?: ZipLimits | undefined;
}

const expected = { mediaType: zippedMediaTypes.xlsx, description: "an Excel workbook (.xlsx)" };

/**
 * Reads Excel workbooks with read-excel-file (an optional peer): each sheet is a heading, each row a line and block of
 * its own, `Header: value; Header: value`, so that a quoted row names its columns (see {@link sheetLines} for how the
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
      const { default: readXlsx } = await loadOptional({
        name: "read-excel-file",
        neededBy: "xlsxReader",
        load: () => import("read-excel-file/node"),
      });
      await breathe(signal);
      let sheets: readonly { readonly sheet: string; readonly data: readonly (readonly SheetCell[])[] }[];
      try {
        sheets = await readXlsx(Buffer.from(clean.buffer, clean.byteOffset, clean.byteLength));
      } catch (cause) {
        throw unreadableSource({
          name,
          because: `the workbook is damaged (${cause instanceof Error ? cause.message : String(cause)})`,
          remedy: "Open it in a spreadsheet program and save it again.",
          cause,
        });
      }
      const builder = textBuilder();
      const notes: Note[] = [];
      let rows = 0;
      for (const { sheet, data } of sheets) {
        await breathe(signal);
        const { above, lines, hasHeader } = sheetLines(data.slice(0, maxRows));
        if (lines.length === 0) continue;
        rows += lines.length;
        builder.heading(1, sheet);
        for (const line of above) builder.paragraph(line);
        for (const [index, line] of lines.entries()) {
          if (index % 1000 === 999) await breathe(signal);
          builder.block(line);
        }
        if (!hasHeader && lines.length > 1) {
          notes.push(note("guessed", `Sheet "${sheet}" of "${name}" seems to have no header row.`, { sheet }));
        }
        if (data.length > maxRows) {
          notes.push(
            note(
              "cut",
              `Only the first ${maxRows} of ${data.length} rows of sheet "${sheet}" of "${name}" were read. Raise maxRows to read more.`,
              {
                sheet,
                maxRows,
                rows: data.length,
              },
            ),
          );
        }
      }
      if (rows === 0) {
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
