import { type MetadataValue, type Note, note } from "@clew/core";
import { LineCounter, parseDocument } from "yaml";

/** The head of a Markdown file. */
export interface FrontMatter {
  /** Lines that it takes, its two fences included; 0 when there is none. */
  readonly lines: number;
  /** Its flat fields; nested ones under dotted names. */
  readonly metadata: Readonly<Record<string, MetadataValue>>;
  readonly notes: readonly Note[];
}

const longest = 65_536; // code units; a longer one is text between two rules

/** Finds YAML between `---` on the first line and the next `---` or `...`. Broken YAML is left out with a note. */
export function frontMatter(text: string, name: string): FrontMatter {
  const none: FrontMatter = { lines: 0, metadata: {}, notes: [] };
  const match = /^---[ \t]*\n((?:.*\n)*?)(?:---|\.\.\.)[ \t]*(?:\n|$)/.exec(text.slice(0, longest));
  if (match === null) return none;
  const yaml = match[1]!;
  // a rule at the top of a page, then prose: no field, so no front matter
  if (yaml.trim() !== "" && !/^(?:[\w"'][^\n]*:(?:\s|$)|#|\{)/m.test(yaml)) return none;
  const lines = match[0].split("\n").length - (match[0].endsWith("\n") ? 1 : 0);
  const document = parseDocument(yaml, { lineCounter: new LineCounter(), uniqueKeys: false, logLevel: "silent" });
  const error = document.errors[0];
  if (error !== undefined) {
    const message = `The front matter of ${name} is not valid YAML and was left out: ${error.message.split("\n")[0]}`;
    return { lines, metadata: {}, notes: [note("source-skipped", message)] };
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 20 });
  } catch (cause) {
    const message = `The front matter of ${name} was left out: ${cause instanceof Error ? cause.message : String(cause)}`;
    return { lines, metadata: {}, notes: [note("source-skipped", message)] };
  }
  const metadata: Record<string, MetadataValue> = {};
  const dropped: string[] = [];
  flatten(value, "", metadata, dropped, 0);
  const notes = dropped.length === 0 ? [] : [fieldsNote(name, dropped)];
  return { lines, metadata, notes };
}

function flatten(
  value: unknown,
  path: string,
  into: Record<string, MetadataValue>,
  dropped: string[],
  depth: number,
): void {
  const flat = flatValue(value);
  if (flat !== undefined && path !== "") into[path] = flat;
  else if (isPlainObject(value) && depth < 5) {
    for (const [key, inner] of Object.entries(value)) {
      flatten(inner, path === "" ? key : `${path}.${key}`, into, dropped, depth + 1);
    }
  } else if (path !== "") dropped.push(path);
}

function flatValue(value: unknown): MetadataValue | undefined {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (value instanceof Date) return value.toISOString();
  if (!Array.isArray(value)) return undefined;
  const parts: (string | number | boolean)[] = [];
  for (const part of value) {
    const flat = flatValue(part);
    if (flat === undefined || flat === null || typeof flat === "object") return undefined;
    parts.push(flat);
  }
  return parts;
}

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const fieldsNote = (name: string, fields: readonly string[]): Note =>
  note(
    "source-skipped",
    `Fields of the front matter of ${name} that are no flat values were left out: ${fields.join(", ")}.`,
    {
      fields: [...fields],
    },
  );
