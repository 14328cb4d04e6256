import {
  checkKeys,
  invalidOption,
  type Metadata,
  type MetadataValue,
  type SourceInput,
  type SourceText,
} from "@clew/core";
import { contentHash } from "@clew/core/text";
import { breathe } from "../event-loop.js";
import { failedSource, reasonOf } from "../failed-source.js";
import { fieldsOf, plainText, renderFields } from "../json/render-record.js";
import { textBuilder } from "../source-text-builder.js";
import { metadataValue } from "./row-value.js";

/** A record of a database, by column. */
export type Row = Readonly<Record<string, unknown>>;

/** Options of {@link rows}. A column is named, or worked out of the row. */
export interface RowsOptions<R extends Row = Row> {
  /** Primary key: a text, number or bigint, different in every row. */
  readonly id: (keyof R & string) | ((row: R) => unknown);
  /** Stands before the id, so that tables do not collide: `orders/` gives `orders/17`. @default "" */
  readonly prefix?: string | undefined;
  /**
   * What is searched and quoted: one column as it stands, several as `column: value` lines, or a text of your own.
   * @default all columns but the id, as lines
   */
  readonly text?: (keyof R & string) | readonly (keyof R & string)[] | ((row: R) => string) | undefined;
  /** @default the id */
  readonly title?: (keyof R & string) | ((row: R) => string) | undefined;
  /**
   * Columns to filter by.
   * @default all that `text` does not name and that hold numbers, booleans, dates, lists of these or texts of at most 256 characters
   */
  readonly metadata?: readonly (keyof R & string)[] | ((row: R) => Metadata) | undefined;
  /** Column that changes with every edit, such as `updated_at`. @default a hash of text, title, metadata, uri and access */
  readonly version?: (keyof R & string) | ((row: R) => unknown) | undefined;
  /** Principals who may see the row. A named column must hold a list in every row. @default everybody in the tenant */
  readonly access?: (keyof R & string) | ((row: R) => readonly string[] | undefined) | undefined;
  /** Where a person finds the row. @default none */
  readonly uri?: (keyof R & string) | ((row: R) => string | undefined) | undefined;
  readonly signal?: AbortSignal | undefined;
}

const known = {
  id: true,
  prefix: true,
  text: true,
  title: true,
  metadata: true,
  version: true,
  access: true,
  uri: true,
  signal: true,
} satisfies Readonly<Record<keyof RowsOptions, true>>;

const longestMetadata = 256;
const rowsPerTurn = 100;

/**
 * Rows as sources, one each, from an array, a generator or a database cursor. A row that cannot be used (no id, an id
 * met before, no text, a column named as metadata that is not flat) is yielded as failed and the rest goes on; an error
 * of the iteration itself is passed on, so that a sync knows that the listing broke off.
 *
 * @throws ClewError `invalid-option`
 */
export function rows<R extends Row>(
  from: Iterable<R> | AsyncIterable<R>,
  options: RowsOptions<R>,
): AsyncIterable<SourceInput> {
  if (typeof options?.id !== "string" && typeof options?.id !== "function") {
    throw invalidOption("id", "the name of a column, or a function of the row", options?.id);
  }
  checkKeys("rows", options, Object.keys(known));
  return { [Symbol.asyncIterator]: () => list(from, options) };
}

async function* list<R extends Row>(
  from: Iterable<R> | AsyncIterable<R>,
  options: RowsOptions<R>,
): AsyncGenerator<SourceInput, void, undefined> {
  const { signal } = options;
  const known = new Set<string>();
  let count = 0;
  signal?.throwIfAborted();
  for await (const row of from) {
    count++;
    if (count % rowsPerTurn === 0) await breathe(signal);
    signal?.throwIfAborted();
    let id: string | undefined;
    try {
      id = idOf(row, options);
      if (known.has(id)) throw new Error("its id was met before in this listing");
      const text = textOf(row, id, options);
      known.add(id);
      yield { id, version: text.source.version, read: async () => ({ text, notes: [] }) };
    } catch (error) {
      const where = id === undefined ? `row ${count}` : id;
      yield failedSource(
        where,
        `Row ${count}${id === undefined ? "" : ` (${id})`} cannot be used: ${reasonOf(error)}.`,
        {
          row: count,
        },
      );
    }
  }
}

function idOf<R extends Row>(row: R, { id, prefix = "" }: RowsOptions<R>): string {
  const value = typeof id === "function" ? id(row) : column(row, id);
  const usable =
    typeof value === "string" || typeof value === "bigint" || (typeof value === "number" && Number.isFinite(value));
  if (!usable || value === "")
    throw new Error(`its id is ${value === "" ? "empty" : `no text or number (${typeof value})`}`);
  return `${prefix}${value}`;
}

function textOf<R extends Row>(row: R, id: string, options: RowsOptions<R>): SourceText {
  const builder = textBuilder();
  const { text } = options;
  const idColumn = typeof options.id === "string" ? options.id : undefined;
  if (typeof text === "function") builder.append(text(row));
  else if (typeof text === "string")
    builder.append(plainText(column(row, text)) ?? renderFields(fieldsOf(column(row, text))));
  else {
    const columns = text ?? Object.keys(row).filter((name) => name !== idColumn && !(row[name] instanceof Uint8Array));
    builder.block(renderFields(columns.flatMap((name) => fieldsOf(column(row, name), name))));
  }
  const metadata = metadataOf(row, options);
  const access = accessOf(row, options);
  const uri = textual(row, options.uri, "uri");
  const title = textual(row, options.title, "title") ?? id;
  const draft = { id, title, mediaType: "application/json", version: "", metadata };
  const built = builder.build({ source: draft });
  if (built.text.trim() === "") throw new Error("it has no text");
  const versioned = typeof options.version === "function" ? options.version(row) : options.version;
  const given = typeof options.version === "string" ? column(row, options.version) : versioned;
  if (options.version !== undefined && (plainText(given) ?? "") === "") throw new Error("its version is missing");
  const mark =
    options.version === undefined
      ? contentHash(JSON.stringify([built.text, title, sorted(metadata), uri ?? null, access ?? null]))
      : plainText(given);
  return {
    ...built,
    source: {
      ...draft,
      version: `rows@1:${mark}`,
      ...(uri === undefined ? {} : { uri }),
      ...(access === undefined ? {} : { access }),
    },
  };
}

function metadataOf<R extends Row>(row: R, { metadata, text, id, access, uri, title }: RowsOptions<R>): Metadata {
  if (typeof metadata === "function") return metadata(row);
  const found: Record<string, MetadataValue> = {};
  if (metadata !== undefined) {
    for (const name of metadata) {
      const value = column(row, name);
      const flat = value === undefined ? null : metadataValue(value);
      if (flat === undefined) throw new Error(`the column ${name} is no flat value and cannot be metadata`);
      found[name] = flat;
    }
    return found;
  }
  const other: readonly unknown[] = [id, access, uri, title, ...(Array.isArray(text) ? text : [text])];
  for (const [name, value] of Object.entries(row)) {
    const flat = other.includes(name) ? undefined : metadataValue(value);
    if (flat !== undefined && !(typeof flat === "string" && flat.length > longestMetadata)) found[name] = flat;
  }
  return found;
}

function accessOf<R extends Row>(row: R, { access }: RowsOptions<R>): readonly string[] | undefined {
  if (access === undefined) return undefined;
  const list: unknown = typeof access === "function" ? access(row) : column(row, access);
  if (list === undefined && typeof access === "function") return undefined;
  // a missing list must not mean everybody
  if (!Array.isArray(list) || !list.every((one) => typeof one === "string")) {
    throw new Error("its access list is missing or no list of texts; give [] for nobody");
  }
  return list;
}

function textual<R extends Row>(
  row: R,
  from: (keyof R & string) | ((row: R) => string | undefined) | undefined,
  option: string,
): string | undefined {
  if (from === undefined) return undefined;
  const value: unknown = typeof from === "function" ? from(row) : column(row, from);
  const text = plainText(value);
  if (text === undefined) throw new Error(`its ${option} is no text`);
  return text === "" ? undefined : text;
}

function column(row: Row, name: string): unknown {
  return Object.hasOwn(row, name) ? row[name] : undefined;
}

const sorted = (metadata: Metadata): [string, MetadataValue][] =>
  Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1));
