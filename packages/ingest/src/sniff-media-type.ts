import { zipDirectory } from "./office/zip-directory.js";

/** What some bytes look like, whatever their name says. */
export interface SniffedMediaType {
  /** IANA media type; `application/x-empty` for no bytes, `application/octet-stream` for unknown binary data. */
  readonly mediaType: string;
  /** The same for people, as a noun phrase: "a PDF file". */
  readonly description: string;
  /** For text: its encoding where the bytes prove it. Absent when it is some 8-bit encoding. */
  readonly encoding?: "utf-8" | "utf-16le" | "utf-16be";
}

const sampleSize = 65_536;
const officeType = "application/vnd.openxmlformats-officedocument";
/** Media types that {@link sniffMediaType} tells apart inside a zip archive. */
export const zippedMediaTypes = {
  docx: `${officeType}.wordprocessingml.document`,
  xlsx: `${officeType}.spreadsheetml.sheet`,
  pptx: `${officeType}.presentationml.presentation`,
  epub: "application/epub+zip",
} as const;

const magic: readonly [prefix: string, mediaType: string, description: string][] = [
  ["%PDF-", "application/pdf", "a PDF file"],
  [
    "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "application/x-ole-storage",
    "a password-protected Office file or an old .doc, .xls or .ppt file",
  ],
  ["\x89PNG\r\n\x1a\n", "image/png", "a PNG image"],
  ["\xff\xd8\xff", "image/jpeg", "a JPEG image"],
  ["GIF8", "image/gif", "a GIF image"],
  ["II*\0", "image/tiff", "a TIFF image"],
  ["MM\0*", "image/tiff", "a TIFF image"],
  ["\x1f\x8b", "application/gzip", "a gzip archive"],
  ["{\\rtf", "application/rtf", "an RTF file"],
];

/**
 * Says what bytes look like by their first bytes and, for a zip archive, its entries; a text is told from binary data
 * by its first 64 KiB. Never throws and never inflates anything.
 *
 * @param bytes the whole file; with only its beginning, zipped formats are just `application/zip`
 */
export function sniffMediaType(bytes: Uint8Array): SniffedMediaType {
  if (bytes.length === 0) return { mediaType: "application/x-empty", description: "an empty file" };
  const head = latin1(bytes.subarray(0, 1024));
  for (const [prefix, mediaType, description] of magic) {
    if (head.startsWith(prefix)) return { mediaType, description };
  }
  if (head.startsWith("PK\x03\x04") || head.startsWith("PK\x05\x06")) return sniffZip(bytes);
  if (head.startsWith("RIFF") && head.slice(8, 12) === "WEBP") {
    return { mediaType: "image/webp", description: "a WebP image" };
  }
  const text = sniffText(bytes.subarray(0, sampleSize));
  if (text === undefined || text.mediaType === "text/plain") {
    // a PDF may begin with up to 1,024 bytes of something else
    if (/(?:^|[\r\n])%PDF-\d/.test(head)) return { mediaType: "application/pdf", description: "a PDF file" };
  }
  return text ?? { mediaType: "application/octet-stream", description: "binary data of an unknown kind" };
}

function sniffZip(bytes: Uint8Array): SniffedMediaType {
  const names = new Set(zipDirectory(bytes)?.map(({ name }) => name) ?? []);
  // the main part may have any name; its folder tells
  const has = (folder: string): boolean =>
    names.has("[Content_Types].xml") && [...names].some((name) => name.startsWith(folder));
  if (has("word/")) return { mediaType: zippedMediaTypes.docx, description: "a Word document" };
  if (has("xl/")) return { mediaType: zippedMediaTypes.xlsx, description: "an Excel workbook" };
  if (has("ppt/")) {
    return { mediaType: zippedMediaTypes.pptx, description: "a PowerPoint presentation" };
  }
  if (names.has("META-INF/container.xml") && !names.has("META-INF/MANIFEST.MF")) {
    return { mediaType: zippedMediaTypes.epub, description: "an EPUB book" };
  }
  // OpenDocument names its type in a first entry that is stored as it is
  const declared = /^mimetype(application\/[\w.+-]+?)(?:PK|$)/.exec(latin1(bytes.subarray(30, 160)))?.[1];
  if (declared?.includes("opendocument")) return { mediaType: declared, description: "an OpenDocument file" };
  return { mediaType: "application/zip", description: "a zip archive" };
}

function sniffText(bytes: Uint8Array): SniffedMediaType | undefined {
  const encoding = textEncoding(bytes);
  if (encoding === undefined) return undefined;
  const start = new TextDecoder(encoding === "8-bit" ? "latin1" : encoding).decode(bytes.subarray(0, 4096)).trimStart();
  const proved = encoding === "8-bit" ? {} : { encoding };
  const bare = start.replace(/^(?:<\?xml[^>]*>|<!--[\s\S]*?-->|\s+)+/, "");
  if (/^<(?:!doctype\s+html|html|head|body)[\s>]/i.test(bare)) {
    return { mediaType: "text/html", description: "an HTML page", ...proved };
  }
  if (start.startsWith("<?xml")) return { mediaType: "application/xml", description: "an XML file", ...proved };
  return { mediaType: "text/plain", description: "a text file", ...proved };
}

function textEncoding(bytes: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" | "8-bit" | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  const zeros = [0, 0];
  let controls = 0;
  for (const [index, byte] of bytes.entries()) {
    if (byte === 0) zeros[index & 1]!++;
    else if (byte < 32 && !(byte >= 8 && byte <= 13) && byte !== 27) controls++;
  }
  const [even, odd] = zeros as [number, number];
  if (even + odd > 0) {
    // text with many Latin letters has its zero bytes on one side only
    const half = bytes.length / 2;
    if (controls === 0 && odd > half * 0.3 && even === 0) return "utf-16le";
    if (controls === 0 && even > half * 0.3 && odd === 0) return "utf-16be";
    return undefined;
  }
  if (controls > bytes.length / 50) return undefined;
  try {
    // a character may be cut at the end of the sample
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: bytes.length === sampleSize });
    return "utf-8";
  } catch {
    // not UTF-8, and no zero bytes: some 8-bit encoding, which the caller has to guess
    return "8-bit";
  }
}

const latin1 = (bytes: Uint8Array): string => new TextDecoder("latin1").decode(bytes);
