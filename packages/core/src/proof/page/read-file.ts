import type { GivenFile } from "../check-file.js";
import type { GivenText } from "../find-in-source.js";
import { canonical, decodeBytes, type FileKind, givenText, kindOfName } from "../given-text.js";
import { hashOfBytes, hashOfText } from "../source-hash.js";
import { docxText } from "./docx-text.js";
import { htmlText } from "./html-text.js";

/** Reads a file that the reader gave, as far as this page can. */
export async function readFile(file: File): Promise<GivenFile> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const named = kindOfName(file.name);
  const kind = named === "other" && startsWith(bytes, "%PDF-") ? "pdf" : named;
  const texts = await textsOf(kind, bytes);
  const exact = texts.find((one) => one.exact);
  return {
    name: file.name,
    kind,
    bytesHash: await hashOfBytes(bytes),
    ...(exact === undefined ? {} : { textHash: await hashOfText(exact.text) }),
    texts,
  };
}

async function textsOf(kind: FileKind, bytes: Uint8Array): Promise<readonly GivenText[]> {
  if (kind === "pdf") return [];
  if (kind === "docx") {
    const text = await docxText(bytes);
    return text === undefined ? [] : [{ text: canonical(text), exact: false }];
  }
  const decoded = decodeBytes(bytes);
  if (decoded === undefined) return [];
  if (kind === "html") return [{ text: canonical(htmlText(decoded)), exact: false }];
  const given = givenText(kind, decoded);
  // words that a PDF's text divides at the ends of its lines, for an export of one
  const joined = decoded.replace(/(?<=\p{L})[-\u00ad\u2010]\n(?=\p{Ll})/gu, "").replaceAll("\f", "\n");
  return joined === decoded || kind === "markdown" ? [given] : [given, { text: joined, exact: false }];
}

const startsWith = (bytes: Uint8Array, mark: string): boolean =>
  [...mark].every((character, at) => bytes[at] === character.charCodeAt(0));
