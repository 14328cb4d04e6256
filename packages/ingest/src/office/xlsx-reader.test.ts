import type { ReaderInput } from "@clew/core";
import { testReader } from "@clew/core/testing";
import { strToU8, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { zippedMediaTypes } from "../sniff-media-type.js";
import { xlsxReader } from "./xlsx-reader.js";

const officeRels = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const packageRels = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"';

type Cell = string | number | boolean | { date: number } | null;

/** Writes a workbook; dates are Excel's day numbers. */
function writeXlsx(sheets: Readonly<Record<string, readonly (readonly Cell[])[]>>): Uint8Array {
  const names = Object.keys(sheets);
  const cell = (value: Cell, row: number, column: number): string => {
    const at = `r="${String.fromCharCode(65 + column)}${row + 1}"`;
    if (value === null) return "";
    if (typeof value === "string") return `<c ${at} t="inlineStr"><is><t>${value}</t></is></c>`;
    if (typeof value === "boolean") return `<c ${at} t="b"><v>${value ? 1 : 0}</v></c>`;
    if (typeof value === "number") return `<c ${at}><v>${value}</v></c>`;
    return `<c ${at} s="1"><v>${value.date}</v></c>`;
  };
  const files: Record<string, Uint8Array> = {
    "[Content_Types].xml": strToU8('<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'),
    "_rels/.rels": strToU8(
      `<Relationships ${packageRels}><Relationship Id="r1" Type="${officeRels}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ),
    "xl/workbook.xml": strToU8(
      `<workbook ${main} xmlns:r="${officeRels}"><sheets>${names.map((name, n) => `<sheet name="${name}" sheetId="${n + 1}" r:id="r${n + 1}"/>`).join("")}</sheets></workbook>`,
    ),
    "xl/_rels/workbook.xml.rels": strToU8(
      `<Relationships ${packageRels}>${names.map((_, n) => `<Relationship Id="r${n + 1}" Type="${officeRels}/worksheet" Target="worksheets/sheet${n + 1}.xml"/>`).join("")}<Relationship Id="s" Type="${officeRels}/styles" Target="styles.xml"/></Relationships>`,
    ),
    "xl/styles.xml": strToU8(
      `<styleSheet ${main}><cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0" xfId="0"/><xf numFmtId="14" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>`,
    ),
  };
  for (const [n, name] of names.entries()) {
    const rows = sheets[name]!.map(
      (row, r) => `<row r="${r + 1}">${row.map((value, c) => cell(value, r, c)).join("")}</row>`,
    );
    files[`xl/worksheets/sheet${n + 1}.xml`] = strToU8(
      `<worksheet ${main}><sheetData>${rows.join("")}</sheetData></worksheet>`,
    );
  }
  return zipSync(files);
}

const input = (bytes: Uint8Array): ReaderInput => ({
  id: "1",
  bytes,
  name: "sales.xlsx",
  mediaType: zippedMediaTypes.xlsx,
  version: "1",
  metadata: {},
});

const good = writeXlsx({
  Sheet: [
    ["Name", "Sum"],
    ["North", 3],
  ],
});
testReader({
  reader: xlsxReader(),
  samples: [
    { name: "good.xlsx", mediaType: zippedMediaTypes.xlsx, bytes: good, contains: ["Sheet", "Name: North; Sum: 3"] },
  ],
  broken: [
    { name: "empty", bytes: new Uint8Array() },
    { name: "text", bytes: new TextEncoder().encode("Dear Sir") },
    { name: "binary", bytes: Uint8Array.from({ length: 300 }, (_, n) => (n * 37) % 256) },
    { name: "cut", bytes: good.subarray(0, good.length / 2) },
    { name: "old", bytes: Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0) },
  ],
});

describe("xlsxReader", () => {
  it("writes each row of each sheet with its header names, as a block", async () => {
    const { text, notes } = await xlsxReader().read(
      input(
        writeXlsx({
          Sales: [
            ["Report of 2023", null, null],
            ["Region", "Sum", "Closed"],
            ["North", 0.1 + 0.2, { date: 45000 }],
            ["South", 0, { date: 45000.5 }],
            ["West", null, true],
          ],
          Plain: [
            [1, 2],
            [3, 4],
          ],
          Empty: [],
        }),
      ),
    );
    expect(text.text).toBe(
      [
        "Sales",
        "Report of 2023",
        "Region: North; Sum: 0.3; Closed: 2023-03-15",
        "Region: South; Sum: 0; Closed: 2023-03-15T12:00:00",
        "Region: West; Closed: true",
        "Plain",
        "1 | 2",
        "3 | 4",
      ].join("\n\n"),
    );
    expect(text.headings.map(({ text: heading }) => heading)).toEqual(["Sales", "Plain"]);
    expect(text.blocks).toHaveLength(5);
    expect(notes).toEqual([
      {
        code: "guessed",
        message: 'Sheet "Plain" of "sales.xlsx" seems to have no header row.',
        detail: { sheet: "Plain" },
      },
    ]);
  });

  it("says when it leaves rows out", async () => {
    const rows = [["Name", "Count"], ...Array.from({ length: 9 }, (_, n) => [`row ${n}`, n])];
    const { text, notes } = await xlsxReader({ maxRows: 3 }).read(input(writeXlsx({ Long: rows })));
    expect(text.text).toBe("Long\n\nName: row 0; Count: 0\n\nName: row 1; Count: 1");
    expect(notes).toMatchObject([{ code: "cut", detail: { sheet: "Long", maxRows: 3, rows: 10 } }]);
  });

  it("refuses an empty or damaged workbook, and options out of range", async () => {
    await expect(xlsxReader().read(input(writeXlsx({ Empty: [] })))).rejects.toMatchObject({
      code: "unreadable-source",
      message: expect.stringMatching(/none of its sheets holds a value/),
    });
    const hollow = zipSync({ "[Content_Types].xml": strToU8("<Types/>"), "xl/other.xml": strToU8("<a/>") });
    await expect(xlsxReader().read(input(hollow))).rejects.toMatchObject({ code: "unreadable-source" });
    expect(() => xlsxReader({ maxRows: 0 })).toThrow(/maxRows/);
  });
});
