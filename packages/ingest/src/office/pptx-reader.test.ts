import type { ReaderInput } from "@clew/core";
import { testReader } from "@clew/core/testing";
import { strToU8, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { zippedMediaTypes } from "../sniff-media-type.js";
import { pptxReader } from "./pptx-reader.js";

const names =
  'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"';
const types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const rels = (...targets: [id: string, type: string, target: string][]) =>
  strToU8(
    `<Relationships>${targets.map(([id, type, target]) => `<Relationship Id="${id}" Type="${types}/${type}" Target="${target}"/>`).join("")}</Relationships>`,
  );
const shape = (type: string, ...paragraphs: string[]) =>
  `<p:sp><p:nvSpPr><p:nvPr><p:ph type="${type}"/></p:nvPr></p:nvSpPr><p:txBody>${paragraphs.map((text) => `<a:p><a:r><a:t>${text}</a:t></a:r></a:p>`).join("")}</p:txBody></p:sp>`;
const slide = (...shapes: string[]) =>
  strToU8(`<p:sld ${names}><p:cSld><p:spTree>${shapes.join("")}</p:spTree></p:cSld></p:sld>`);

/** Three slides, the file's second one shown first. */
const presentation = zipSync({
  "[Content_Types].xml": strToU8("<Types/>"),
  "ppt/presentation.xml": strToU8(
    `<p:presentation ${names}><p:sldIdLst><p:sldId id="256" r:id="r2"/><p:sldId id="257" r:id="r1"/><p:sldId id="258" r:id="r3"/></p:sldIdLst></p:presentation>`,
  ),
  "ppt/_rels/presentation.xml.rels": rels(
    ["r1", "slide", "slides/slide1.xml"],
    ["r2", "slide", "/ppt/slides/slide2.xml"],
    ["r3", "slide", "slides/slide3.xml"],
  ),
  "ppt/slides/slide1.xml": slide(
    shape("title", "Costs"),
    `<p:graphicFrame><a:graphic><a:graphicData><a:tbl>${[
      ["Year", "Sum"],
      ["2023", "1,577"],
    ]
      .map(
        (row) =>
          `<a:tr>${row.map((cell) => `<a:tc><a:txBody><a:p><a:r><a:t>${cell}</a:t></a:r></a:p></a:txBody></a:tc>`).join("")}</a:tr>`,
      )
      .join("")}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>`,
  ),
  "ppt/slides/slide2.xml": slide(
    shape("ctrTitle", "The &amp; Plan"),
    `<p:grpSp>${shape("body", "First point", "Second point")}</p:grpSp>`,
    shape("sldNum", "1"),
    shape("ftr", "Acme confidential"),
  ),
  "ppt/slides/_rels/slide2.xml.rels": rels(["r1", "notesSlide", "../notesSlides/notesSlide1.xml"]),
  "ppt/notesSlides/notesSlide1.xml": slide(shape("body", "Say it slowly."), shape("sldNum", "1")),
  "ppt/slides/slide3.xml": slide(),
});

const input = (bytes: Uint8Array): ReaderInput => ({
  id: "1",
  bytes,
  name: "deck.pptx",
  mediaType: zippedMediaTypes.pptx,
  version: "1",
  metadata: {},
});

const good = presentation;
testReader({
  reader: pptxReader(),
  samples: [
    {
      name: "good.pptx",
      mediaType: zippedMediaTypes.pptx,
      bytes: good,
      contains: ["The & Plan", "Costs", "2023 | 1,577"],
      pages: 3,
    },
  ],
  broken: [
    { name: "empty", bytes: new Uint8Array() },
    { name: "text", bytes: new TextEncoder().encode("Dear Sir") },
    { name: "binary", bytes: Uint8Array.from({ length: 300 }, (_, n) => (n * 37) % 256) },
    { name: "cut", bytes: good.subarray(0, good.length / 2) },
    { name: "old", bytes: Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0) },
  ],
});

describe("pptxReader", () => {
  it("reads slides as pages in the order of the show, with titles, tables and notes", async () => {
    const { text, notes } = await pptxReader().read(input(presentation));
    expect(text.text).toBe(
      "The & Plan\n\nFirst point\nSecond point\n\nNotes: Say it slowly.\n\nCosts\n\nYear | Sum\n2023 | 1,577",
    );
    expect(text.pages.map(({ page, start }) => [page, text.text.slice(start, start + 5)])).toEqual([
      [1, "The &"],
      [2, "Costs"],
      [3, ""],
    ]);
    expect(text.headings.map(({ text: heading }) => heading)).toEqual(["The & Plan", "Costs"]);
    expect(text.blocks!.map((span) => text.text.slice(...span))).toEqual(["Year | Sum\n2023 | 1,577"]);
    expect(text.source.title).toBe("deck");
    expect(notes).toEqual([
      { code: "page-without-text", message: 'Slide 3 of "deck.pptx" holds no text.', detail: { page: 3 } },
    ]);
  });

  it("refuses a presentation without text, and another zipped file", async () => {
    const empty = zipSync({ "[Content_Types].xml": strToU8("<Types/>"), "ppt/slides/slide1.xml": slide() });
    await expect(pptxReader().read(input(empty))).rejects.toMatchObject({
      code: "unreadable-source",
      message: expect.stringMatching(/none of its slides holds text/),
    });
    const other = zipSync({ "[Content_Types].xml": strToU8("<Types/>"), "word/document.xml": strToU8("<a/>") });
    await expect(pptxReader().read(input(other))).rejects.toMatchObject({
      code: "unreadable-source",
      message: expect.stringMatching(/it is a Word document, not a PowerPoint/),
    });
  });

  it("an entity in a document type expands nothing", async () => {
    const bomb = `<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;">]>`;
    const bytes = zipSync({
      "[Content_Types].xml": strToU8("<Types/>"),
      "ppt/slides/slide1.xml": strToU8(bomb + new TextDecoder().decode(slide(shape("body", "a &y; b")))),
    });
    const { text } = await pptxReader().read(input(bytes));
    expect(text.text).not.toContain("haha");
  });
});
