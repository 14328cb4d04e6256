import type { ReaderInput } from "@clew/core";
import { testReader } from "@clew/core/testing";
import { strToU8, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { zippedMediaTypes } from "../sniff-media-type.js";
import { docxReader } from "./docx-reader.js";

const w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
const officeRels = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const packageRels = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"';

/** Writes a Word document around the XML of its body. */
function writeDocx(body: string, { title = "", footnotes = "" } = {}): Uint8Array {
  const style = (id: string, name: string) =>
    `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${name}"/></w:style>`;
  return zipSync({
    "[Content_Types].xml": strToU8(
      `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
    ),
    "_rels/.rels": strToU8(
      `<Relationships ${packageRels}><Relationship Id="r1" Type="${officeRels}/officeDocument" Target="word/document.xml"/></Relationships>`,
    ),
    "word/_rels/document.xml.rels": strToU8(
      `<Relationships ${packageRels}><Relationship Id="r1" Type="${officeRels}/styles" Target="styles.xml"/><Relationship Id="r2" Type="${officeRels}/footnotes" Target="footnotes.xml"/><Relationship Id="r3" Type="${officeRels}/image" Target="media/i.png"/></Relationships>`,
    ),
    "word/styles.xml": strToU8(
      `<w:styles ${w}>${style("T", "Title")}${style("H1", "heading 1")}${style("H2", "heading 2")}</w:styles>`,
    ),
    "word/footnotes.xml": strToU8(`<w:footnotes ${w}>${footnotes}</w:footnotes>`),
    "word/media/i.png": strToU8("picture"),
    "docProps/core.xml": strToU8(
      `<cp:coreProperties xmlns:cp="x" xmlns:dc="y"><dc:title>${title}</dc:title></cp:coreProperties>`,
    ),
    "word/document.xml": strToU8(`<w:document ${w}><w:body>${body}</w:body></w:document>`),
  });
}

const run = (text: string) => `<w:r><w:t xml:space="preserve">${text}</w:t></w:r>`;
const p = (text: string, style?: string) =>
  `<w:p>${style === undefined ? "" : `<w:pPr><w:pStyle w:val="${style}"/></w:pPr>`}${run(text)}</w:p>`;
const table = (...rows: string[][]) =>
  `<w:tbl>${rows.map((row) => `<w:tr>${row.map((cell) => `<w:tc>${p(cell)}</w:tc>`).join("")}</w:tr>`).join("")}</w:tbl>`;

const input = (bytes: Uint8Array): ReaderInput => ({
  id: "1",
  bytes,
  name: "plan.docx",
  mediaType: zippedMediaTypes.docx,
  version: "1",
  metadata: {},
});
const read = (bytes: Uint8Array) => docxReader().read(input(bytes));

const good = writeDocx(p("Scope", "H1") + p("Some words.") + table(["a", "b"]));
testReader({
  reader: docxReader(),
  samples: [
    { name: "good.docx", mediaType: zippedMediaTypes.docx, bytes: good, contains: ["Scope", "Some words.", "a | b"] },
  ],
  broken: [
    { name: "empty", bytes: new Uint8Array() },
    { name: "text", bytes: new TextEncoder().encode("Dear Sir") },
    { name: "binary", bytes: Uint8Array.from({ length: 300 }, (_, n) => (n * 37) % 256) },
    { name: "cut", bytes: good.subarray(0, good.length / 2) },
    { name: "old", bytes: Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0) },
  ],
});

describe("docxReader", () => {
  it("reads headings, paragraphs, tables and footnotes", async () => {
    const bytes = writeDocx(
      p("The Plan", "T") +
        p("Scope", "H1") +
        p("It covers cafe\u0301s &amp; bars.") +
        p("Costs", "H2") +
        table(["Year", "Sum"], ["2023", "1,577"]) +
        `<w:p>${run("See the note")}<w:r><w:footnoteReference w:id="2"/></w:r>${run(".")}</w:p>`,
      { title: "Plan of 2023", footnotes: `<w:footnote w:id="2">${p("Before tax.")}</w:footnote>` },
    );
    const { text, notes } = await read(bytes);
    expect(text.text).toBe(
      "The Plan\n\nScope\n\nIt covers cafés & bars.\n\nCosts\n\nYear | Sum\n2023 | 1,577\n\nSee the note[1].\n\n1. Before tax.",
    );
    expect(text.headings.map(({ level, text: heading }) => [level, heading])).toEqual([
      [1, "The Plan"],
      [1, "Scope"],
      [2, "Costs"],
    ]);
    expect(text.blocks!.map((span) => text.text.slice(...span))).toEqual(["Year | Sum\n2023 | 1,577"]);
    expect(text.source.title).toBe("Plan of 2023");
    expect(text.pages).toEqual([]);
    expect(notes).toEqual([]);
  });

  it("leaves out deleted text and survives a picture", async () => {
    const picture =
      '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"><wp:docPr id="1" name="i"/><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData><pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill><a:blip xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:embed="r3"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>';
    const { text } = await read(
      writeDocx(
        `<w:p>${run("Kept")}<w:del><w:r><w:delText> lost</w:delText></w:r></w:del>${run(" too.")}</w:p>${picture}`,
      ),
    );
    expect(text.text).toBe("Kept too.");
    expect(text.source.title).toBe("plan");
  });

  it("refuses a document without text, and one without its main part", async () => {
    await expect(read(writeDocx(""))).rejects.toMatchObject({
      code: "unreadable-source",
      message: expect.stringMatching(/holds no text/),
    });
    const hollow = zipSync({ "[Content_Types].xml": strToU8("<Types/>"), "word/other.xml": strToU8("<a/>") });
    await expect(read(hollow)).rejects.toMatchObject({
      code: "unreadable-source",
      message: expect.stringMatching(/damaged/),
    });
  });

  it("does nothing once aborted", async () => {
    const reading = docxReader().read(input(writeDocx(p("x"))), { signal: AbortSignal.abort() });
    await expect(reading).rejects.toThrow(/abort/i);
  });

  it("D10: text that looks like a replacement pattern or template stays as it is", async () => {
    const { text } = await read(writeDocx(p("costs $&amp; {question} $1 &lt;b&gt;")));
    expect(text.text).toBe("costs $& {question} $1 <b>");
  });
});
