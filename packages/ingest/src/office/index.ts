export { type DocxReaderOptions, docxReader } from "./docx-reader.js";
export { type EpubReaderOptions, epubReader } from "./epub-reader.js";
export type { ZipLimits } from "./open-zip.js";
export { type PptxReaderOptions, pptxReader } from "./pptx-reader.js";
export { type XlsxReaderOptions, xlsxReader } from "./xlsx-reader.js";
