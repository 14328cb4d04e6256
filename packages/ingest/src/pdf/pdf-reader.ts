import { type Note, note, type Reader, type ReadResult } from "@clew/core";
import { sourceOf } from "../source-of.js";
import { unreadableSource } from "../unreadable-source.js";
import { composeText } from "./compose-text.js";
import { documentTitle } from "./document-title.js";
import { pageLines, type Region } from "./page-lines.js";
import { readPages } from "./read-pages.js";

/** A page without text, for an {@link Ocr} hook. */
export interface OcrPage {
  /** The whole PDF file: rendering one page of it is the hook's business, since it needs a canvas. Do not change it. */
  readonly bytes: Uint8Array;
  /** Page number, from 1. */
  readonly page: number;
  readonly signal?: AbortSignal | undefined;
}

/** Reads the text off a scanned page; blank lines divide paragraphs, "" means that there is none. */
export type Ocr = (page: OcrPage) => Promise<string>;

/** Options of {@link pdfReader}. */
export interface PdfReaderOptions {
  /** Called for each page without text, one after the other. Without it, such pages are only reported. */
  readonly ocr?: Ocr | undefined;
}

/**
 * Reads PDF files with unpdf (an optional peer): every page is listed under its number from 1, in reading order, lines
 * rebuilt from where the text stands.
 *
 * - Paragraphs are one line each; hyphens at line ends are joined where the word is not a compound; columns of prose are
 *   read one after the other.
 * - A table row is a line, its cells two spaces apart; consecutive rows are one of `blocks`, cut at 2,000 characters.
 * - Running headers, footers and page numbers are dropped, with a `cleaned` note that counts them.
 * - Headings are found by size, or by a font of their own on a line of its own; never by bold type, which pdf.js does not
 *   tell without drawing the page.
 * - A page without text is a `page-without-text` note, unless the `ocr` hook finds some.
 * - The title is the metadata's, or the file name where that one is no title.
 *
 * The PDF is parsed on a thread of its own, its text made here page by page; an abort stops both at once.
 */
export function pdfReader({ ocr }: PdfReaderOptions = {}): Reader {
  return {
    id: ocr === undefined ? "pdf@1" : "pdf@1?ocr",
    mediaTypes: ["application/pdf"],
    extensions: [".pdf"],
    async read(input, { signal } = {}): Promise<ReadResult> {
      signal?.throwIfAborted();
      const { bytes, name } = input;
      const pages: Region[][] = [];
      const info = await readPages({ bytes, name, onPage: (page) => pages.push(pageLines(page)), signal });
      const scanned = pages.flatMap((regions, index) => (regions.length === 0 ? [index + 1] : []));
      const { texts, failures } = await recognise({ ocr, bytes, pages: scanned, signal });
      const { builder, notes, emptyPages } = await composeText({ pages, replaced: texts, signal });
      if (emptyPages.length === pages.length) throw withoutText(name, pages.length, ocr !== undefined);
      const text = builder.build({
        source: sourceOf(input, { title: documentTitle({ title: info.title, name }) }),
        language: languageTag(info.language),
      });
      const silent = emptyPages.map((page) => emptyPage(name, page, failures.get(page)));
      return { text, notes: [...notes, ...silent] };
    },
  };
}

const languageTag = (written: string | undefined): string | undefined =>
  written !== undefined && /^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/.test(written) ? written : undefined;

interface RecogniseOptions {
  readonly ocr: Ocr | undefined;
  readonly bytes: Uint8Array;
  readonly pages: readonly number[];
  readonly signal: AbortSignal | undefined;
}

async function recognise({ ocr, bytes, pages, signal }: RecogniseOptions) {
  const texts = new Map<number, string>();
  const failures = new Map<number, string>();
  for (const page of ocr === undefined ? [] : pages) {
    signal?.throwIfAborted();
    try {
      texts.set(page, await ocr!({ bytes, page, signal }));
    } catch (cause) {
      // one page less is better than no document; its note says why
      signal?.throwIfAborted();
      failures.set(page, cause instanceof Error ? cause.message : String(cause));
    }
  }
  return { texts, failures };
}

const emptyPage = (name: string, page: number, failure: string | undefined): Note =>
  note(
    "page-without-text",
    `Page ${page} of "${name}" holds no text${failure === undefined ? "" : `, and the ocr hook failed on it: ${failure}`}.`,
    failure === undefined ? { page } : { page, failure },
  );

const withoutText = (name: string, pages: number, hadOcr: boolean): Error =>
  unreadableSource({
    name,
    because: `none of its ${pages} pages holds text${hadOcr ? ", and the ocr hook found none" : ""}`,
    remedy: hadOcr
      ? "Check the ocr hook, or leave the file out."
      : "It is probably a scan: give pdfReader an `ocr` hook, or a copy with a text layer.",
  });
