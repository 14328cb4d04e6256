import { note, type Reader } from "@clew/core";
import { breathe } from "../event-loop.js";
import { documentTitle } from "../pdf/document-title.js";
import { zippedMediaTypes } from "../sniff-media-type.js";
import { sourceOf } from "../source-of.js";
import { textBuilder } from "../source-text-builder.js";
import { unreadableSource } from "../unreadable-source.js";
import { officeTitle } from "./office-title.js";
import { openZip, type ZipArchive, type ZipLimits } from "./open-zip.js";
import { type Relationship, relationships } from "./relationships.js";
import { slideParts } from "./slide-text.js";
import { findElements, xmlTree } from "./xml-tree.js";

/** Options of {@link pptxReader}. */
export interface PptxReaderOptions {
  /** How large the presentation may be when inflated. */
  readonly limits?: ZipLimits | undefined;
}

const expected = { mediaType: zippedMediaTypes.pptx, description: "a PowerPoint presentation (.pptx)" };

/**
 * Reads PowerPoint presentations: each slide is a page, numbered from 1 in the order of the show (hidden slides count),
 * with its title as a heading, its texts, its tables as blocks of rows, and its speaker notes after "Notes:". Charts,
 * diagrams and pictures are not read; a slide without text is a `page-without-text` note.
 *
 * It reads the slides' XML itself: the one kept package for this, officeparser, needs Node 22 from version 7 on, brings
 * a PDF and an OCR engine with it, and returns text without slides or titles.
 */
export function pptxReader({ limits }: PptxReaderOptions = {}): Reader {
  return {
    id: "pptx@1",
    mediaTypes: [zippedMediaTypes.pptx],
    extensions: [".pptx"],
    async read(input, { signal } = {}) {
      signal?.throwIfAborted();
      const { name, bytes } = input;
      const zip = openZip({ bytes, name, expected, limits });
      const builder = textBuilder();
      const empty: number[] = [];
      for (const [index, slide] of (await slidesInOrder(zip)).entries()) {
        await breathe(signal);
        builder.endParagraph();
        builder.page(index + 1);
        const before = builder.length;
        const xml = await zip.text(slide);
        for (const part of xml === undefined ? [] : slideParts(xmlTree(xml))) {
          if (part.kind === "table") builder.table(part.rows);
          else if (part.kind === "title") builder.heading(1, part.paragraphs.join(" "));
          else builder.paragraph(part.paragraphs.join("\n"));
        }
        const notes = await speakerNotes(zip, await relationships(zip, slide));
        if (notes !== "") builder.paragraph(`Notes: ${notes}`);
        if (builder.length === before) empty.push(index + 1);
      }
      if (builder.length === 0) {
        throw unreadableSource({
          name,
          because: "none of its slides holds text",
          remedy: "If they are pictures, export them with a text layer as PDF.",
        });
      }
      const title = documentTitle({ title: await officeTitle(zip), name });
      return {
        text: builder.build({ source: sourceOf(input, { title }) }),
        notes: empty.map((page) => note("page-without-text", `Slide ${page} of "${name}" holds no text.`, { page })),
      };
    },
  };
}

async function slidesInOrder(zip: ZipArchive): Promise<string[]> {
  const root = "ppt/presentation.xml";
  const targets = new Map((await relationships(zip, root)).map(({ id, target }) => [id, target]));
  const listed = findElements(xmlTree((await zip.text(root)) ?? ""), "sldId").flatMap(({ attributes }) => {
    const target = targets.get(attributes["r:id"] ?? "");
    return target === undefined ? [] : [target];
  });
  if (listed.length > 0) return listed;
  // a presentation that lists no slides may still hold some; their names are numbered
  const number = (path: string): number => Number(/(\d+)\.xml$/.exec(path)![1]);
  return zip.names.filter((path) => /^ppt\/slides\/slide\d+\.xml$/.test(path)).sort((a, b) => number(a) - number(b));
}

async function speakerNotes(zip: ZipArchive, related: readonly Relationship[]): Promise<string> {
  const target = related.find(({ type }) => type === "notesSlide")?.target;
  const xml = target === undefined ? undefined : await zip.text(target);
  if (xml === undefined) return "";
  return slideParts(xmlTree(xml))
    .flatMap((part) => (part.kind === "table" ? part.rows.map((row) => row.join(" ")) : part.paragraphs))
    .join("\n");
}
