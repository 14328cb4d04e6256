export { type Ocr, type OcrPage, type PdfReaderOptions, pdfReader } from "./pdf-reader.js";
