import { ClewError, type ReaderInput } from "@clew/core";
import { testReader } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { pdfReader } from "./pdf-reader.js";

interface Piece {
  text: string;
  x: number;
  /** From the top, in points. */
  y: number;
  size?: number;
  bold?: boolean;
}

/** Writes a PDF of letter pages by hand; a page given as "scan" holds only an image. */
function writePdf(pages: readonly (readonly Piece[] | "scan")[], { title = "", encrypted = false } = {}): Uint8Array {
  const objects: string[] = [];
  const add = (body: string) => objects.push(body);
  const first = 6;
  const pageIds = pages.map((_, index) => first + index * 2);
  add("<< /Type /Catalog /Pages 2 0 R >>");
  add(`<< /Type /Pages /Count ${pages.length} /Kids [${pageIds.map((id) => `${id} 0 R`).join(" ")}] >>`);
  add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>");
  add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>");
  add(`<< /Title (${title}) >>`);
  for (const page of pages) {
    const content =
      page === "scan"
        ? "q 500 0 0 700 50 50 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI Q"
        : page
            .map(({ text, x, y, size = 10, bold = false }) => {
              const escaped = text.replace(/[\\()]/g, (char) => `\\${char}`);
              return `BT /F${bold ? 2 : 1} ${size} Tf 1 0 0 1 ${x} ${792 - y} Tm (${escaped}) Tj ET`;
            })
            .join("\n");
    const contentId = objects.length + 2;
    add(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents ${contentId} 0 R /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>`,
    );
    add(`<< /Length ${content.length} >>\nstream\n${content}\nendstream`);
  }
  let file = "%PDF-1.4\n";
  const offsets = objects.map((body, index) => {
    const offset = file.length;
    file += `${index + 1} 0 obj\n${body}\nendobj\n`;
    return offset;
  });
  const hex = (byte: string) => byte.repeat(32);
  const encrypt = `/Encrypt << /Filter /Standard /V 1 /R 2 /O <${hex("a1")}> /U <${hex("b2")}> /P -4 >> /ID [<${hex("00")}> <${hex("00")}>]`;
  const start = file.length;
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`).join("")}`;
  file += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /Info 5 0 R ${encrypted ? encrypt : ""} >>\nstartxref\n${start}\n%%EOF\n`;
  return Uint8Array.from(file, (char) => char.charCodeAt(0));
}

const paragraph = (lines: readonly string[], { x = 72, y = 100, size = 10 } = {}): Piece[] =>
  lines.map((text, index) => ({ text, x, y: y + index * size * 1.2, size }));

const input = (bytes: Uint8Array, name = "report.pdf"): ReaderInput => ({
  id: name,
  bytes,
  name,
  mediaType: "application/pdf",
  version: "1",
  metadata: { year: 2023 },
});
const read = (bytes: Uint8Array, name?: string) => pdfReader().read(input(bytes, name));
const failure = (bytes: Uint8Array, name?: string) =>
  read(bytes, name).then(
    () => expect.unreachable("it was read"),
    (error: unknown) => error,
  );

testReader({
  reader: pdfReader(),
  samples: [
    {
      name: "two.pdf",
      mediaType: "application/pdf",
      bytes: writePdf([paragraph(["First page."]), paragraph(["Second page."])]),
      contains: ["First page.", "Second page."],
      pages: 2,
    },
    {
      name: "scan.pdf",
      mediaType: "application/pdf",
      bytes: writePdf(["scan", paragraph(["Words."])]),
      contains: ["Words."],
      pages: 2,
    },
  ],
  broken: [
    { name: "empty", bytes: new Uint8Array() },
    { name: "text", bytes: new TextEncoder().encode("Dear Sir") },
    { name: "binary", bytes: Uint8Array.from({ length: 300 }, (_, n) => (n * 37) % 256) },
    { name: "locked", bytes: writePdf([paragraph(["x"])], { encrypted: true }) },
    { name: "cut", bytes: writePdf([paragraph(["x"])]).subarray(0, 300) },
  ],
});

describe("pdfReader", () => {
  it("rebuilds paragraphs, joins hyphens but not compounds, and spells out ligatures", async () => {
    const { text, notes } = await read(
      writePdf([
        paragraph([
          "The committee reviewed the consolidated state-",
          "ments and the long-term outlook of the com-",
          "pany. It found that its long-",
          "term plans hold and that non-",
          "GAAP figures were shown well.",
        ]),
      ]),
    );
    expect(text.text).toBe(
      "The committee reviewed the consolidated statements and the long-term outlook of the company. It found that its long-term plans hold and that non-GAAP figures were shown well.",
    );
    expect(notes).toEqual([
      {
        code: "cleaned",
        message: "While the text was made: 2 hyphens at line ends joined.",
        detail: { runningLines: 0, hyphens: 2, mended: 0 },
      },
    ]);
  });

  it("drops running headers, footers and page numbers, and lists every page from 1", async () => {
    const page = (number: number): Piece[] => [
      { text: `Acme Corp. Annual Report ${2020 + (number % 2)}`, x: 72, y: 40 },
      ...paragraph([`Page body number ${number} says something of its own here.`]),
      // page numbers stand where the text ends, and begin with 3 on page 1
      { text: String(number + 2), x: 300, y: 700 - number * 40 },
    ];
    const { text, notes } = await read(writePdf([1, 2, 3, 4, 5].map(page)));
    expect(text.pages.map((mark) => mark.page)).toEqual([1, 2, 3, 4, 5]);
    const bodies = text.pages.map(({ start }, index) => text.text.slice(start, text.pages[index + 1]?.start).trim());
    expect(bodies).toEqual([1, 2, 3, 4, 5].map((n) => `Page body number ${n} says something of its own here.`));
    expect(notes).toMatchObject([{ code: "cleaned", detail: { runningLines: 10, hyphens: 0 } }]);
  });

  it("keeps what repeats on two pages only, and a list of numbers", async () => {
    const { text } = await read(
      writePdf([
        [{ text: "Same head", x: 72, y: 40 }, ...paragraph(["First page."]), { text: "17", x: 300, y: 700 }],
        [{ text: "Same head", x: 72, y: 40 }, ...paragraph(["Second page."]), { text: "4", x: 300, y: 700 }],
      ]),
    );
    expect(text.text.match(/Same head/g)).toHaveLength(2);
    expect(text.text).toMatch(/17[\s\S]*4$/);
  });

  it("a sentence goes on over a page break, and the page begins at its first character", async () => {
    const { text } = await read(
      writePdf([
        paragraph(["The board decided after long debate that the new plant"]),
        paragraph(["would be built in Ohio."]),
      ]),
    );
    expect(text.text).toBe("The board decided after long debate that the new plant would be built in Ohio.");
    expect(text.text.slice(text.pages[1]!.start)).toBe("would be built in Ohio.");
  });

  it("keeps the columns of a table apart, its signs with their numbers, its rows as one block", async () => {
    const row = (y: number, label: string, ...cells: [string, string][]): Piece[] => [
      { text: label, x: 72, y },
      ...cells.flatMap(([sign, value], index) => [
        ...(sign === "" ? [] : [{ text: sign, x: 300 + index * 100, y }]),
        { text: value, x: 340 + index * 100, y },
      ]),
    ];
    const { text } = await read(
      writePdf([
        [
          ...paragraph(["Results of operations were as follows."]),
          ...row(140, "(Millions)", ["", "2018"], ["", "2017"]),
          ...row(152, "Net sales", ["$", "32,765"], ["$", "31,657"]),
          { text: "Other items, net of tax", x: 72, y: 164 },
          // a number that is centred beside a label of two lines
          ...row(176, "Purchases"),
          { text: "(1,577", x: 340, y: 172 },
          { text: ")", x: 385, y: 172 },
          { text: "1,373", x: 440, y: 172 },
          ...paragraph(["Sales grew in every segment, and so did the margin."], { y: 220 }),
        ],
      ]),
    );
    expect(text.blocks!.map((span) => text.text.slice(...span))).toEqual([
      "(Millions)  2018  2017\nNet sales  $ 32,765  $ 31,657\nOther items, net of tax\nPurchases  (1,577)  1,373",
    ]);
  });

  it("reads two columns one after the other, and what crosses them where it stands", async () => {
    const left = Array.from({ length: 8 }, (_, n) => `Left column line ${"abcdefgh"[n]} goes on and on here`);
    const right = Array.from({ length: 8 }, (_, n) => `Right column line ${"abcdefgh"[n]} goes on and on too`);
    const { text } = await read(
      writePdf([
        [
          { text: "A title that is set across both of the columns of this page", x: 72, y: 60, size: 16 },
          ...paragraph(left, { x: 72 }).flatMap((piece, index) => [piece, { ...piece, x: 330, text: right[index]! }]),
        ],
      ]),
    );
    expect(text.headings).toMatchObject([
      { level: 1, text: "A title that is set across both of the columns of this page" },
    ]);
    expect(text.text.indexOf("Left column line h")).toBeLessThan(text.text.indexOf("Right column line a"));
  });

  it("finds headings by size and by a font of their own", async () => {
    const body = (y: number) =>
      paragraph(
        [
          "The quick brown fox jumps over the lazy dog and then it rests.",
          "It does so every day, as the record shows.",
        ],
        { y },
      );
    const { text } = await read(
      writePdf([
        [
          { text: "Annual Report", x: 72, y: 50, size: 20 },
          ...body(100),
          { text: "Item 7. Discussion", x: 72, y: 150, bold: true },
          ...body(175),
          { text: "Liquidity", x: 72, y: 220, bold: true },
          ...body(245),
        ],
      ]),
    );
    expect(text.headings.map(({ level, text: heading }) => [level, heading])).toEqual([
      [1, "Annual Report"],
      [2, "Item 7. Discussion"],
      [3, "Liquidity"],
    ]);
    for (const { span, text: heading } of text.headings) expect(text.text.slice(...span)).toBe(heading);
  });

  it("a footnote mark does not become a digit of the number before it", async () => {
    const { text } = await read(
      writePdf([
        [
          { text: "Total 5,363", x: 72, y: 100 },
          { text: "1", x: 126, y: 96, size: 6 },
          { text: "net of tax", x: 140, y: 100 },
        ],
      ]),
    );
    expect(text.text).toContain("5,363 1");
  });

  it("reports a page without text, and lets the ocr hook read it", async () => {
    const bytes = writePdf([paragraph(["Some text."]), "scan", paragraph(["More text."])]);
    const plain = await read(bytes);
    expect(plain.notes).toEqual([
      { code: "page-without-text", message: 'Page 2 of "report.pdf" holds no text.', detail: { page: 2 } },
    ]);
    expect(plain.text.pages.map(({ page }) => page)).toEqual([1, 2, 3]);
    expect(plain.text.pages[1]!.start).toBe(plain.text.pages[2]!.start);

    const asked: number[] = [];
    const { text, notes } = await pdfReader({
      ocr: async ({ page, bytes: whole }) => {
        asked.push(page, whole.length);
        return "Scanned words.\n\nSecond.";
      },
    }).read(input(bytes));
    expect(asked).toEqual([2, bytes.length]);
    expect(text.text).toBe("Some text.\n\nScanned words.\n\nSecond.\n\nMore text.");
    expect(text.text.slice(text.pages[1]!.start, text.pages[2]!.start).trim()).toBe("Scanned words.\n\nSecond.");
    expect(notes).toEqual([]);
  });

  it("a failing ocr hook costs its page and says so; a file of scans alone is an error", async () => {
    const broken = pdfReader({ ocr: async () => Promise.reject(new Error("no engine")) });
    const { notes } = await broken.read(input(writePdf([paragraph(["Some text."]), "scan"])));
    expect(notes).toMatchObject([{ code: "page-without-text", detail: { page: 2, failure: "no engine" } }]);
    const error = await failure(writePdf(["scan", "scan"]));
    expect(error).toMatchObject({
      code: "unreadable-source",
      message: expect.stringMatching(/none of its 2 pages holds text.*`ocr` hook/),
    });
  });

  it.each<[what: string, bytes: Uint8Array, says: RegExp]>([
    [
      "an encrypted file",
      writePdf([paragraph(["x y"])], { encrypted: true }),
      /encrypted with a password\. Save a copy without/,
    ],
    ["no bytes", new Uint8Array(), /it is an empty file/],
    ["HTML under a wrong name", new TextEncoder().encode("<!doctype html><p>Sign in"), /it is an HTML page, not a PDF/],
    ["a file cut after 200 bytes", writePdf([paragraph(["x y"])]).subarray(0, 200), /damaged or incomplete/],
    ["a header and nothing else", new TextEncoder().encode("%PDF-1.7\n"), /damaged or incomplete/],
  ])("%s is unreadable, and the error says what to do", async (_, bytes, says) => {
    const error = await failure(bytes);
    expect(ClewError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ code: "unreadable-source", message: expect.stringMatching(says) });
  });

  it("takes a sensible title from the metadata, else the file name, and keeps the caller's bytes and metadata", async () => {
    const bytes = writePdf([paragraph(["Some text."])], { title: "Annual Report" });
    const copy = bytes.slice();
    const { text } = await read(bytes, "a/b/acme 2023.pdf");
    expect(text.source).toMatchObject({ title: "Annual Report", metadata: { year: 2023 } });
    expect(bytes).toEqual(copy);
    const odd = await read(writePdf([paragraph(["x y"])], { title: "Microsoft Word - x.doc" }), "a/b/acme 2023.pdf");
    expect(odd.text.source.title).toBe("acme 2023");
  });

  it("stops between pages when it is aborted", async () => {
    const bytes = writePdf(Array.from({ length: 30 }, () => paragraph(["Some text."])));
    const controller = new AbortController();
    const reading = pdfReader().read(input(bytes), { signal: controller.signal });
    setImmediate(() => controller.abort(new Error("enough")));
    await expect(reading).rejects.toThrow("enough");
    await expect(pdfReader().read(input(bytes), { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
  });

  it("same input, same output", async () => {
    const bytes = writePdf([paragraph(["Some text."]), paragraph(["More text."])]);
    expect(await read(bytes)).toEqual(await read(bytes));
  });

  it("reads several files at once, each as if it were alone", async () => {
    const files = ["one", "two", "three"].map((word) => writePdf([paragraph([`Text of ${word}.`])]));
    const texts = await Promise.all(files.map(async (bytes) => (await read(bytes)).text.text));
    expect(texts).toEqual(["Text of one.", "Text of two.", "Text of three."]);
  });
});
