import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readerInput, spansOf } from "../test-support/reader-input.js";
import { type CsvReaderOptions, csvReader } from "./csv-reader.js";

const read = (content: string, name = "table.csv", options: CsvReaderOptions = {}) =>
  csvReader(options).read(readerInput(name, content));

describe("csvReader", () => {
  it("makes each row a line and a block that names its columns", async () => {
    const { text, notes } = await read('Name,City,Note\nAda,London,"first, and ""best"""\nBob,,\n');
    expect(text.text).toBe('Name; City; Note\nName: Ada; City: London; Note: first, and "best"\nName: Bob');
    expect(spansOf(text).blocks).toEqual(['Name: Ada; City: London; Note: first, and "best"', "Name: Bob"]);
    expect(notes).toEqual([]);
  });

  it("keeps the line numbers of the file through quoted line ends and empty lines", async () => {
    const file = '\nid,text\n\n1,"a\nb\nc"\n2,x\n\n3,y';
    const { text } = await read(file);
    const lines = text.text.split("\n");
    expect(lines[1]).toBe("id; text");
    expect(lines[3]).toBe("id: 1; text: a b c");
    expect(lines[6]).toBe("id: 2; text: x");
    expect(lines[8]).toBe("id: 3; text: y");
    spansOf(text);
  });

  it("every row stands on the line on which it begins in the file", async () => {
    const value = fc.constantFrom("a", "b c", 'q"q', "two\nlines", "three\n\nlines", "x,y");
    const gap = fc.constantFrom("\n", "\n\n");
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(value, gap), { minLength: 1 }), async (rows) => {
        let file = "key,value\n";
        const starts: number[] = [];
        for (const [index, [cell, end]] of rows.entries()) {
          starts.push(file.split("\n").length);
          file += `r${index},"${cell.replaceAll('"', '""')}"${end}`;
        }
        const { text } = await read(file, "t.csv", { delimiter: "," });
        const lines = text.text.split("\n");
        expect(starts.map((line) => lines[line - 1]?.split(";")[0])).toEqual(rows.map((_, index) => `key: r${index}`));
        expect(spansOf(text).blocks).toEqual(lines.filter((line) => line.startsWith("key: ")));
      }),
    );
  });

  it.each([
    ["a;b\n1,5;2\n3,5;4", ";"],
    ["a\tb\n1\t2", "\t"],
    ["a|b|c\n1|2|3", "|"],
  ])("guesses the delimiter of %j and says so", async (content, delimiter) => {
    const { text, notes } = await read(content);
    expect(notes).toMatchObject([{ code: "guessed", detail: { delimiter } }]);
    expect(text.text.split("\n")[1]).toMatch(/^a: .*; b: /);
  });

  it("reads TSV, and a media type without an ending, without a guess", async () => {
    expect((await read("a\tb\n1,5\t2", "t.tsv")).notes).toEqual([]);
    const { notes } = await csvReader().read(
      readerInput("export", "a\tb\n1\t2", { mediaType: "text/tab-separated-values" }),
    );
    expect(notes).toEqual([]);
  });

  it("takes given names, or numbers the columns, and tells equal names apart", async () => {
    expect((await read("1,2", "t.csv", { header: ["x", "y"] })).text.text).toBe("x: 1; y: 2");
    expect((await read("1,2\n3,4", "t.csv", { header: false })).text.text).toBe(
      "Column 1: 1; Column 2: 2\nColumn 1: 3; Column 2: 4",
    );
    expect((await read("a,a,\n1,2,3")).text.text).toBe("a; a (2); Column 3\na: 1; a (2): 2; Column 3: 3");
  });

  it("reports ragged rows by line, and cuts at maxRows", async () => {
    const ragged = await read("a,b\n1\n1,2\n1,2,3");
    expect(ragged.text.text.split("\n").slice(1)).toEqual(["a: 1", "a: 1; b: 2", "a: 1; b: 2; Column 3: 3"]);
    expect(ragged.notes).toMatchObject([{ code: "guessed", detail: { rows: 2, lines: [2, 4] } }]);
    const cut = await read("a\n1\n2\n3", "t.csv", { maxRows: 2 });
    expect(cut.text.text).toBe("a\na: 1\na: 2");
    expect(cut.notes).toMatchObject([{ code: "cut", detail: { maxRows: 2 } }]);
  });

  it("refuses an open quote and a table without values", async () => {
    await expect(read('a,b\n1,"2\n3,4')).rejects.toMatchObject({
      code: "unreadable-source",
      message: /line 2 is never closed/,
    });
    await expect(read("a,b\n,\n")).rejects.toMatchObject({ code: "unreadable-source" });
  });

  it("reads many rows while other work runs, and stops when aborted", async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const { text } = await read(`id,name\n${"17,some name\n".repeat(100_000)}`);
    clearInterval(timer);
    expect(text.blocks).toHaveLength(100_000);
    expect(turns).toBeGreaterThan(5);
    const stopped = csvReader().read(readerInput("t.csv", "a,b\n".repeat(100_000)), { signal: AbortSignal.timeout(5) });
    await expect(stopped).rejects.toThrow();
  });

  it("says by its id that options change what it reads", () => {
    expect(csvReader().id).toBe(csvReader({ maxRows: 200_000 }).id);
    expect(
      new Set([csvReader(), csvReader({ delimiter: ";" }), csvReader({ header: false })].map(({ id }) => id)).size,
    ).toBe(3);
    expect(() => csvReader({ delimiter: "ab" })).toThrow(/delimiter/);
    expect(() => csvReader({ maxRows: 0 })).toThrow(/maxRows/);
  });
});
