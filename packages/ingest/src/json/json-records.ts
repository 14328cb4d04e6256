import { type Note, note } from "@clew/core";
import { breathe } from "../event-loop.js";
import { unreadableSource } from "../unreadable-source.js";
import { JsonSyntaxError, jsonParts, parse, skipSpace } from "./json-parts.js";

/** One record of a file. */
export interface JsonRecord {
  readonly value: unknown;
  /** Line of the file on which it begins, from 1. */
  readonly line: number;
}

/** Options of {@link jsonRecords}. */
export interface JsonRecordsOptions {
  /** For messages. */
  readonly name: string;
  /** Dotted path to the array whose elements are the records. @default the top level: an array's elements, or the one value */
  readonly records?: string | undefined;
  /** Told what was skipped or guessed. */
  readonly onNote: (note: Note) => void;
  readonly signal?: AbortSignal | undefined;
}

const charactersPerTurn = 1 << 16;

/**
 * The records of a JSON text, parsed one by one while other work runs. Several values one after another, each on a
 * line, are read as JSON Lines, with a note.
 *
 * @throws ClewError `unreadable-source`, naming the line, when the text is not JSON or has no such path
 */
export async function* jsonRecords(
  text: string,
  options: JsonRecordsOptions,
): AsyncGenerator<JsonRecord, void, undefined> {
  const { name, records, onNote, signal } = options;
  const start = skipSpace(text, 0);
  const lineAt = lineCounter(text);
  if (records === undefined && text[start] === "{" && looksLikeLines(text, start)) {
    onNote(note("guessed", `${name} holds one JSON value a line; it was read as JSON Lines.`));
    yield* jsonLines(text, options);
    return;
  }
  try {
    let at = start;
    for (const step of records === undefined ? [] : records.split(".")) at = await memberAt(text, at, step, options);
    if (text[at] !== "[") {
      yield {
        value: records === undefined ? parse(text, start, text.length) : await valueAt(text, at),
        line: lineAt(at),
      };
      return;
    }
    const parts = jsonParts(text, at, signal);
    let next = await parts.next();
    for (; next.done !== true; next = await parts.next()) {
      yield { value: parse(text, next.value.start, next.value.end), line: lineAt(next.value.start) };
    }
    const rest = skipSpace(text, next.value);
    if (records === undefined && rest < text.length) throw new JsonSyntaxError("something follows its end", rest);
  } catch (cause) {
    if (!(cause instanceof JsonSyntaxError)) throw cause;
    const because = `line ${lineCounter(text)(cause.offset)} is not valid JSON: ${cause.message}`;
    throw unreadableSource({ name, because, remedy: "Correct that line, or leave the file out.", cause });
  }
}

/**
 * The records of JSON Lines. A line that is not JSON is skipped, with a note that names it.
 */
export async function* jsonLines(
  text: string,
  { name, onNote, signal }: Omit<JsonRecordsOptions, "records">,
): AsyncGenerator<JsonRecord, void, undefined> {
  let line = 0;
  let rested = 0;
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf("\n", start);
    const end = found === -1 ? text.length : found;
    line++;
    const written = text.slice(start, end);
    start = end + 1;
    if (start - rested > charactersPerTurn) {
      rested = start;
      await breathe(signal);
    }
    if (written.trim() === "") continue;
    let value: unknown;
    try {
      value = JSON.parse(written);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      onNote(
        note("source-skipped", `Line ${line} of ${name} is not valid JSON and was skipped: ${cut(why)}`, { line }),
      );
      continue;
    }
    yield { value, line };
  }
}

async function memberAt(
  text: string,
  start: number,
  step: string,
  { name, records, signal }: JsonRecordsOptions,
): Promise<number> {
  if (text[start] === "{" || text[start] === "[") {
    let index = 0;
    for await (const part of jsonParts(text, start, signal)) {
      if ((part.key ?? String(index++)) === step) return part.start;
    }
  }
  throw unreadableSource({
    name,
    because: `it has no "${step}" where the records should be ("${records}")`,
    remedy: "Correct the option records.",
  });
}

async function valueAt(text: string, start: number): Promise<unknown> {
  // wrapped in an array of its own, so that the same scan finds its end
  const parts = jsonParts(`[${text.slice(start)}`, 0, undefined);
  const first = await parts.next();
  return first.done === true ? undefined : parse(text, start + first.value.start - 1, start + first.value.end - 1);
}

function looksLikeLines(text: string, start: number): boolean {
  const end = text.indexOf("\n", start);
  if (end === -1 || text.slice(end).trim() === "") return false;
  try {
    JSON.parse(text.slice(start, end));
    return text[skipSpace(text, end)] === "{";
  } catch {
    // the first line is not a value of its own: one JSON text over several lines
    return false;
  }
}

/** Counts lines forward from where it last was. */
function lineCounter(text: string): (offset: number) => number {
  let line = 1;
  let next = text.indexOf("\n"); // remembered, since a text without line ends would be searched to its end each time
  return (offset) => {
    while (next !== -1 && next < offset) {
      line++;
      next = text.indexOf("\n", next + 1);
    }
    return line;
  };
}

const cut = (text: string): string => (text.length > 120 ? `${text.slice(0, 120)}…` : text);
