export { defaultReaders } from "./default-readers.js";
export { type DocumentLoader, type DocumentsOptions, documents, type LoadedDocument } from "./documents/documents.js";
export type { ContextCache } from "./enriched/context-cache.js";
export { type ContextFile, contextFile } from "./enriched/context-file.js";
export { type ContextProgress, type EnrichedOptions, enriched } from "./enriched/enriched.js";
export type { ContextRule } from "./enriched/rule-context.js";
export type { FilesOptions, FoundFile, Listing } from "./files/file-options.js";
export { type FileSources, files } from "./files/files.js";
export { type HtmlReaderOptions, htmlReader } from "./html/html-reader.js";
export { type JsonReaderOptions, jsonReader } from "./json/json-reader.js";
export { markdownReader } from "./markdown/markdown-reader.js";
export {
  type DocxReaderOptions,
  docxReader,
  type EpubReaderOptions,
  epubReader,
  type PptxReaderOptions,
  pptxReader,
  type XlsxReaderOptions,
  xlsxReader,
  type ZipLimits,
} from "./office/index.js";
export { type Ocr, type OcrPage, type PdfReaderOptions, pdfReader } from "./pdf/index.js";
export { type Row, type RowsOptions, rows } from "./rows/rows.js";
export { type SniffedMediaType, sniffMediaType } from "./sniff-media-type.js";
export { type FoundSource, sourceOf } from "./source-of.js";
export { type BuildOptions, type TextBuilder, textBuilder } from "./source-text-builder.js";
export { type CsvReaderOptions, csvReader } from "./table/csv-reader.js";
export { type DecodedText, type DecodeTextOptions, decodeText } from "./text/decode-text.js";
export { textReader } from "./text/text-reader.js";
export { type UnreadableSourceOptions, unreadableSource } from "./unreadable-source.js";
export type { PageFetch } from "./web/public-fetch.js";
export { type WebPagesOptions, webPages } from "./web/web-pages.js";
