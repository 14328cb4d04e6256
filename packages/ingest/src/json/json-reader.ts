import {
  invalidOption,
  type Metadata,
  type MetadataValue,
  type Note,
  note,
  type Reader,
  type ReadResult,
} from "@clew/core";
import { breathe } from "../event-loop.js";
import { sourceOf } from "../source-of.js";
import { textBuilder } from "../source-text-builder.js";
import { decodeText } from "../text/decode-text.js";
import { unreadableSource } from "../unreadable-source.js";
import { type JsonRecord, jsonLines, jsonRecords } from "./json-records.js";
import { fieldsOf, plainText, renderFields, valueAtPath } from "./render-record.js";

/** Options of {@link jsonReader}. Fields are dotted paths into a record. */
export interface JsonReaderOptions {
  /** Dotted path to the array that holds the records; JSON only. @default the top level */
  readonly records?: string | undefined;
  /** Fields that make the text; a single one stands without its name. @default all */
  readonly text?: readonly string[] | undefined;
  /** Field that becomes each record's heading, or, of a file with one record, the source's title. @default "title" for one record, none for several */
  readonly title?: string | undefined;
  /** Fields that become metadata of the source; with several records, a list of their different values. @default none */
  readonly metadata?: readonly string[] | undefined;
}

const recordsPerTurn = 200;
const mostValues = 1000;

/**
 * Reads JSON and JSON Lines: every record is a block of `path: value` lines, in one source. A broken line of JSON Lines
 * is skipped and named in a note. For one source a record, hand the parsed records to `rows`.
 */
export function jsonReader(options: JsonReaderOptions = {}): Reader {
  const { records, text, title, metadata } = options;
  for (const [name, value] of Object.entries({ records, title })) {
    if (value !== undefined && (typeof value !== "string" || value === ""))
      throw invalidOption(name, "a dotted path", value);
  }
  for (const [name, value] of Object.entries({ text, metadata })) {
    if (value !== undefined && !(Array.isArray(value) && value.every((path) => typeof path === "string"))) {
      throw invalidOption(name, "a list of dotted paths", value);
    }
  }
  if (text?.length === 0) throw invalidOption("text", "at least one dotted path");
  const own = Object.entries({ records, text, title, metadata }).filter(([, value]) => value !== undefined);
  return {
    id: own.length === 0 ? "json@1" : `json@1?${JSON.stringify(own)}`,
    mediaTypes: ["application/json", "application/jsonl", "application/x-ndjson", "application/ndjson"],
    extensions: [".json", ".jsonl", ".ndjson"],
    async read(input, { signal } = {}) {
      signal?.throwIfAborted();
      const { name, bytes, mediaType } = input;
      const decoded = await decodeText(bytes, { name, expected: "JSON", signal });
      const notes: Note[] = [...decoded.notes];
      const asLines = /\.(?:jsonl|ndjson)$/i.test(name) || (mediaType !== "application/json" && !/\.json$/i.test(name));
      if (asLines && records !== undefined) {
        notes.push(
          note("guessed", `${name} is JSON Lines: every line is a record, so the option records was not used.`),
        );
      }
      const shared = { name, signal, onNote: (one: Note) => notes.push(one) };
      const found: JsonRecord[] = [];
      const source = asLines ? jsonLines(decoded.text, shared) : jsonRecords(decoded.text, { ...shared, records });
      for await (const record of source) found.push(record);
      return compose(found, { input, options, notes: merged(notes, name), signal });
    },
  };
}

interface ComposeOptions {
  readonly input: Parameters<Reader["read"]>[0];
  readonly options: JsonReaderOptions;
  readonly notes: Note[];
  readonly signal: AbortSignal | undefined;
}

async function compose(
  found: readonly JsonRecord[],
  { input, options, notes, signal }: ComposeOptions,
): Promise<ReadResult> {
  const builder = textBuilder();
  const single = found.length === 1;
  const titlePath = options.title ?? (single ? "title" : undefined);
  const lacking: number[] = [];
  for (const [index, { value, line }] of found.entries()) {
    if ((index + 1) % recordsPerTurn === 0) await breathe(signal);
    const heading = single || titlePath === undefined ? undefined : plainText(valueAtPath(value, titlePath));
    const fields = orUnreadable(input.name, line, () =>
      options.text === undefined
        ? fieldsOf(value).filter(([path]) => heading === undefined || path !== titlePath)
        : options.text.flatMap((path) => fieldsOf(valueAtPath(value, path), options.text?.length === 1 ? "" : path)),
    );
    if (fields.length === 0) {
      lacking.push(line);
      continue;
    }
    if (heading !== undefined) builder.heading(1, heading);
    builder.block(renderFields(fields));
  }
  if (lacking.length > 0 && lacking.length < found.length) {
    const message = `${lacking.length} records of ${input.name} have no text and were left out (line ${lacking.slice(0, 5).join(", ")}${lacking.length > 5 ? ", …" : ""}).`;
    notes.push(note("source-skipped", message, { records: lacking.length, lines: lacking.slice(0, 100) }));
  }
  const title = single && titlePath !== undefined ? plainText(valueAtPath(found[0]!.value, titlePath)) : undefined;
  const metadata = metadataOf(found, options.metadata ?? [], input.name, notes);
  const text = builder.build({ source: sourceOf(input, { title, metadata }) });
  if (text.text === "") {
    const because =
      found.length === 0
        ? "it holds no record that can be read"
        : options.text === undefined
          ? "its records hold no text"
          : `none of its records has text in ${options.text.join(", ")}`;
    throw unreadableSource({
      name: input.name,
      because,
      remedy: "Fill it, correct the options of jsonReader, or leave it out.",
    });
  }
  return { text, notes };
}

function orUnreadable<T>(name: string, line: number, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const because = `the record on line ${line} cannot be written as text: ${cause.message}`;
    throw unreadableSource({ name, because, remedy: "Flatten it, or leave it out.", cause });
  }
}

function metadataOf(found: readonly JsonRecord[], paths: readonly string[], name: string, notes: Note[]): Metadata {
  const metadata: Record<string, MetadataValue> = {};
  for (const path of paths) {
    const values = new Set<string | number | boolean>();
    for (const { value } of found) {
      const there = valueAtPath(value, path);
      for (const one of Array.isArray(there) ? there : [there]) {
        if (typeof one === "string" || typeof one === "boolean" || (typeof one === "number" && Number.isFinite(one)))
          values.add(one);
      }
    }
    const list = [...values];
    if (list.length > mostValues) {
      notes.push(
        note("cut", `${path} has ${list.length} different values in ${name}; the first ${mostValues} became metadata.`),
      );
    }
    if (list.length > 0)
      metadata[path] = found.length === 1 && list.length === 1 ? list[0]! : list.slice(0, mostValues);
  }
  return metadata;
}

/** Many broken lines become one note that lists them. */
function merged(notes: readonly Note[], name: string): Note[] {
  const broken = notes.filter(({ code, detail }) => code === "source-skipped" && detail?.line !== undefined);
  if (broken.length <= 5) return [...notes];
  const lines = broken.map(({ detail }) => detail?.line as number);
  const rest = notes.filter((one) => !broken.includes(one));
  const message = `${lines.length} lines of ${name} are not valid JSON and were skipped: ${lines.slice(0, 10).join(", ")}${lines.length > 10 ? ", …" : ""}.`;
  return [...rest, note("source-skipped", message, { lines })];
}
