import { ClewError, type JsonValue, type Metadata, type Note, note, redact } from "@clew/core";
import { flatMetadata, rowMetadata } from "./flat-metadata.js";
import { renderRow } from "./render-row.js";

/** A result as it is kept: plain JSON, its text canonical (NFC, `\n`). A type, so that it is a `JsonObject`. */
export type ReadLiveResult = {
  /** Identity where it comes from; empty for none. */
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly uri: string | null;
  readonly metadata: { readonly [name: string]: JsonValue };
  readonly score: number | null;
  /** A row is kept whole where it fits a passage. */
  readonly isRow: boolean;
};

/** Options of {@link readResults}. */
export interface ReadResultsOptions {
  /** Name of the live source, for messages. */
  readonly origin: string;
  readonly maxResults: number;
  readonly maxCharacters: number;
  /** Leave results out that make no sense, with a note. */
  readonly degrade: boolean;
}

const itemKeys: ReadonlySet<string> = new Set(["id", "title", "text", "uri", "metadata", "score"]);

/**
 * Reads what a live function gave.
 *
 * @throws ClewError `retriever-failed` that names the result and what is wrong with it
 */
export function readResults(
  output: unknown,
  { origin, maxResults, maxCharacters, degrade }: ReadResultsOptions,
): { readonly results: ReadLiveResult[]; readonly notes: Note[] } {
  const fail = (what: string): ClewError =>
    new ClewError("retriever-failed", `The live source "${origin}" gave ${what}.`);
  const isOne = typeof output === "string" || (isRecord(output) && !Array.isArray(output));
  if (!isOne && !Array.isArray(output)) throw fail(`${kindOf(output)} where a list of results was expected`);
  const given: readonly unknown[] = Array.isArray(output) ? output : [output];
  const notes: Note[] = [];
  if (given.length > maxResults) {
    const detail = { of: given.length, kept: maxResults };
    notes.push(note("cut", `"${origin}" gave ${given.length} results; the first ${maxResults} were read.`, detail));
  }
  const results: ReadLiveResult[] = [];
  const broken: string[] = [];
  let cut = 0;
  for (const [index, one] of given.slice(0, maxResults).entries()) {
    const read = readResult(one);
    if (typeof read === "string") {
      const what = `a result that cannot be used: number ${index + 1} ${read}`;
      if (!degrade) throw fail(what);
      broken.push(`number ${index + 1} ${read}`);
      continue;
    }
    const text = canonical(read.text, maxCharacters);
    if (text.length < read.text.length && read.text.length > maxCharacters) cut++;
    results.push({ ...read, text });
  }
  if (cut > 0) {
    const message = `${cut} results of "${origin}" were cut to their first ${maxCharacters} characters.`;
    notes.push(note("cut", message, { results: cut, maxCharacters }));
  }
  if (broken.length > 0) {
    const shown = broken.slice(0, 3).join("; ");
    const message = `${broken.length} of ${given.length} results of "${origin}" could not be used: ${shown}.`;
    notes.push(note("source-skipped", message, { skipped: broken.length, of: given.length }));
  }
  return { results, notes };
}

/** The result, or what is wrong with it. */
function readResult(result: unknown): ReadLiveResult | string {
  try {
    return readAny(result);
  } catch (error) {
    // nested too deep, cyclic, or a property that throws when it is read
    return `cannot be read: ${redact(error instanceof Error ? error.message : String(error))}`;
  }
}

function readAny(result: unknown): ReadLiveResult | string {
  if (typeof result === "string") return checked({ text: result });
  if (!isRecord(result) || Array.isArray(result) || ArrayBuffer.isView(result)) {
    return `is ${kindOf(result)}; a result is a text, { text, … }, a Document or a row`;
  }
  if (typeof result.pageContent === "string") return readDocument(result as unknown as DocumentLike);
  if (Object.hasOwn(result, "text") && Object.keys(result).every((key) => itemKeys.has(key))) return checked(result);
  return checked({ id: plainId(result.id), text: renderRow(result) }, rowMetadata(result));
}

interface DocumentLike {
  readonly id?: unknown;
  readonly pageContent: string;
  readonly metadata?: unknown;
}

/** A LangChain document. What it says under `clew` is not believed: spans and ids are made here, of what came. */
function readDocument({ id, pageContent, metadata }: DocumentLike): ReadLiveResult | string {
  const { clew: _, ...rest } = isRecord(metadata) ? metadata : {};
  const address = [rest.uri, rest.url, rest.source].find((value) => typeof value === "string");
  return checked({
    id,
    title: typeof rest.title === "string" ? rest.title : undefined,
    text: pageContent,
    uri: address,
    metadata: rest,
  });
}

function checked(item: Readonly<Record<string, unknown>>, columns?: Metadata): ReadLiveResult | string {
  const { id, title = "", text, uri, metadata = {}, score } = item;
  if (typeof text !== "string") return `has ${kindOf(text)} for its text`;
  if (text.trim() === "") return columns === undefined ? "has no text" : "(a row) has no value in any column";
  if (id !== undefined && id !== null && plainId(id) === undefined) return `has ${kindOf(id)} for its id`;
  if (typeof title !== "string") return `has ${kindOf(title)} for its title`;
  if (uri !== undefined && uri !== null && typeof uri !== "string") return `has ${kindOf(uri)} for its uri`;
  if (!isRecord(metadata) || Array.isArray(metadata)) return `has ${kindOf(metadata)} for its metadata`;
  if (score !== undefined && score !== null && !Number.isFinite(score)) return `has the score ${String(score)}`;
  return {
    id: plainId(id) ?? "",
    title: title.replace(/\s+/g, " ").trim().toWellFormed(),
    text,
    uri: uri ?? null,
    metadata: (columns ?? flatMetadata(metadata)) as ReadLiveResult["metadata"],
    score: (score as number | null | undefined) ?? null,
    isRow: columns !== undefined,
  };
}

const plainId = (id: unknown): string | undefined =>
  (typeof id === "string" && id !== "") || typeof id === "number" || typeof id === "bigint" ? String(id) : undefined;

/** NFC with `\n` line ends, no lone surrogates, cut before anything else is done with it. */
function canonical(text: string, maxCharacters: number): string {
  const code = text.charCodeAt(maxCharacters - 1);
  const end = text.length > maxCharacters && code >= 0xd800 && code <= 0xdbff ? maxCharacters - 1 : maxCharacters;
  return text.slice(0, end).replace(/\r\n?/g, "\n").toWellFormed().normalize("NFC");
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (ArrayBuffer.isView(value)) return "binary data";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
