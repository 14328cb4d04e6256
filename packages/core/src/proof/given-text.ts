import type { GivenText } from "./find-in-source.js";

/** What kind of file it is, by the ending of its name. */
export type FileKind = "markdown" | "text" | "html" | "csv" | "json" | "pdf" | "docx" | "other";

const endings: Readonly<Record<string, FileKind>> = {
  ...{ md: "markdown", markdown: "markdown", mdown: "markdown", mkd: "markdown", mdx: "markdown" },
  ...{ html: "html", htm: "html", xhtml: "html", csv: "csv", tsv: "csv", tab: "csv" },
  ...{ json: "json", jsonl: "json", ndjson: "json", pdf: "pdf", docx: "docx", txt: "text", text: "text", log: "text" },
};
const types: Readonly<Record<string, FileKind>> = {
  ...{ "text/markdown": "markdown", "text/x-markdown": "markdown", "text/plain": "text", "text/csv": "csv" },
  ...{ "text/html": "html", "application/xhtml+xml": "html", "application/pdf": "pdf", "application/json": "json" },
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
};

/** Kind of a file by its name; `other` where the ending says nothing. */
export const kindOfName = (name: string): FileKind =>
  endings[/\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ""] ?? "other";

/** Kind of a source by its media type, else by its name. */
export const kindOfSource = (mediaType: string | undefined, name: string): FileKind =>
  types[mediaType ?? ""] ?? kindOfName(name);

/** Text of bytes, as the readers decode it: by its mark, else UTF-8, else windows-1252. Undefined for bytes that are no text. */
export function decodeBytes(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes;
  const wide =
    first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : undefined;
  if (wide === undefined && bytes.subarray(0, 8192).includes(0)) return undefined;
  let text: string;
  try {
    text = new TextDecoder(wide ?? "utf-8", { fatal: true }).decode(bytes);
  } catch {
    // not UTF-8: the one encoding in which every byte means something
    text = new TextDecoder("windows-1252").decode(bytes);
  }
  return canonical(text);
}

/** NFC, lines ended by `\n`. */
export const canonical = (text: string): string =>
  text.replace(/\r\n?/g, "\n").replaceAll("\0", "\ufffd").normalize("NFC");

/** The canonical text of a text file of this kind. Texts of tables and records are made alike, if not to the letter. */
export function givenText(kind: FileKind, decoded: string): GivenText {
  if (kind === "markdown") return { text: withoutFrontMatter(decoded), exact: true };
  if (kind === "csv") return { text: tableText(decoded), exact: false };
  if (kind === "json") return { text: recordsText(decoded), exact: false };
  return { text: decoded, exact: kind === "text" || kind === "other" };
}

/** Front matter stands in the canonical text as as many empty lines. */
function withoutFrontMatter(text: string): string {
  const match = /^---[ \t]*\n((?:.*\n)*?)(?:---|\.\.\.)[ \t]*(?:\n|$)/.exec(text.slice(0, 65_536));
  if (match === null) return text;
  const yaml = match[1]!;
  if (yaml.trim() !== "" && !/^(?:[\w"'][^\n]*:(?:\s|$)|#|\{)/m.test(yaml)) return text;
  const lines = match[0].split("\n").length - (match[0].endsWith("\n") ? 1 : 0);
  return "\n".repeat(lines) + text.slice(match[0].length);
}

/** Rows as `Column: value; Column: value`, under the delimiter that the first line has most of. */
function tableText(text: string): string {
  const head = text.slice(0, text.indexOf("\n") === -1 ? text.length : text.indexOf("\n"));
  const delimiter = [",", ";", "\t", "|"].reduce((best, one) =>
    head.split(one).length > head.split(best).length ? one : best,
  );
  const rows: string[][] = [[]];
  let field = "";
  let quoted = false;
  for (let at = 0; at <= text.length; at++) {
    const character = text[at] ?? "\n";
    if (quoted) {
      if (character === '"' && text[at + 1] === '"') field += text[++at];
      else if (character === '"') quoted = false;
      else field += character;
    } else if (character === '"' && field === "") quoted = true;
    else if (character === delimiter || character === "\n") {
      rows.at(-1)!.push(field.replace(/\s+/g, " ").trim());
      field = "";
      if (character === "\n") rows.push([]);
    } else field += character;
  }
  const [columns = [], ...body] = rows;
  const line = (row: readonly string[]): string =>
    row
      .flatMap((value, index) => (value === "" ? [] : [`${columns[index] || `Column ${index + 1}`}: ${value}`]))
      .join("; ");
  return [columns.join("; "), ...body.map(line)].join("\n");
}

/** Records as lines of `path: value`; a text that is no JSON as it stands. */
function recordsText(text: string): string {
  const parsed =
    parse(text) ??
    text
      .split("\n")
      .map((line) => parse(line))
      .filter((one) => one !== undefined);
  const records = Array.isArray(parsed) ? parsed : [parsed];
  return records.length === 0 ? text : records.map((one) => fieldsOf(one, "", 0).join("\n")).join("\n\n");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // no JSON: the caller has another way
    return undefined;
  }
}

function fieldsOf(value: unknown, path: string, depth: number): string[] {
  const line = (said: string): string[] => (said === "" ? [] : [path === "" ? said : `${path}: ${said}`]);
  const plain = (one: unknown): one is string | number | boolean =>
    ["string", "number", "boolean"].includes(typeof one);
  if (plain(value)) return line(String(value).trim());
  if (Array.isArray(value) && value.every(plain)) return line(value.map((one) => String(one).trim()).join(", "));
  if (typeof value !== "object" || value === null || depth > 64) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    fieldsOf(inner, path === "" ? key : `${path}.${key}`, depth + 1),
  );
}
