import type { Reader } from "@clew/core";
import { htmlReader } from "./html/html-reader.js";
import { jsonReader } from "./json/json-reader.js";
import { markdownReader } from "./markdown/markdown-reader.js";
import { docxReader, epubReader, pptxReader, xlsxReader } from "./office/index.js";
import { pdfReader } from "./pdf/index.js";
import { csvReader } from "./table/csv-reader.js";
import { textReader } from "./text/text-reader.js";

/**
 * One reader of each format with its defaults. To add a format, or to change how one is read, put a reader before them:
 * the first that declares an ending or media type is taken.
 */
export function defaultReaders(): Reader[] {
  return [
    markdownReader(),
    textReader(),
    htmlReader(),
    pdfReader(),
    docxReader(),
    pptxReader(),
    xlsxReader(),
    epubReader(),
    csvReader(),
    jsonReader(),
  ];
}
