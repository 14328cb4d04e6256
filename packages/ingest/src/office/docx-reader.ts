import { note, type Reader } from "@clew/core";
import { htmlText } from "../html/html-text.js";
import { documentTitle } from "../pdf/document-title.js";
import { zippedMediaTypes } from "../sniff-media-type.js";
import { sourceOf } from "../source-of.js";
import { unreadableSource } from "../unreadable-source.js";
import { WorkerFailure, workerCall } from "../worker-call.js";
import { officeTitle } from "./office-title.js";
import { openZip, type ZipLimits } from "./open-zip.js";

/** Options of {@link docxReader}. */
export interface DocxReaderOptions {
  /** How large the document may be when inflated. */
  readonly limits?: ZipLimits | undefined;
}

const expected = { mediaType: zippedMediaTypes.docx, description: "a Word document (.docx)" };

/**
 * Reads Word documents with mammoth (an optional peer) on a thread of its own: headings by their styles ("Title" is level 1), paragraphs,
 * lists, tables as blocks of rows with ` | ` between cells, footnotes and endnotes as a numbered list at the end.
 * Deleted text of tracked changes, comments, headers and footers are not read, nor are pictures. There are no pages: a
 * Word file does not know them.
 */
export function docxReader({ limits }: DocxReaderOptions = {}): Reader {
  return {
    id: "docx@1",
    mediaTypes: [zippedMediaTypes.docx],
    extensions: [".docx"],
    async read(input, { signal } = {}) {
      signal?.throwIfAborted();
      const { name, bytes } = input;
      const zip = openZip({ bytes, name, expected, limits });
      const clean = await zip.repack((path) => !/^word\/(?:media|embeddings|fonts)\//.test(path), signal);
      const { html: marked, errors } = await convert(clean, name, signal);
      // the arrow that leads back from a footnote is no text
      const html = marked.replace(/<a href="#(?:foot|end)note-ref-[^"]*">↑<\/a>/g, "");
      const page = await htmlText(html, { mainOnly: false, signal });
      const title = documentTitle({ title: await officeTitle(zip), name });
      const text = page.build(sourceOf(input, { title }));
      if (text.text === "") {
        throw unreadableSource({ name, because: "it holds no text", remedy: "Fill it, or leave it out." });
      }
      const notes = errors.map((message) => note("source-skipped", `A part of ${name} was not read: ${message}`));
      return { text, notes };
    },
  };
}

interface Converted {
  readonly html: string;
  readonly errors: readonly string[];
}

async function convert(bytes: Uint8Array, name: string, signal: AbortSignal | undefined): Promise<Converted> {
  try {
    return await workerCall<never, Converted>({
      script: "office.js",
      request: { kind: "docx", bytes },
      neededBy: "docxReader",
      signal,
    });
  } catch (cause) {
    if (!(cause instanceof WorkerFailure)) throw cause;
    throw unreadableSource({
      name,
      because: `the Word document is damaged (${cause.message})`,
      remedy: "Open it in an office program and save it again.",
      cause,
    });
  }
}
