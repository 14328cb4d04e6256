import {
  checkKeys,
  invalidOption,
  type Metadata,
  type MetadataValue,
  type Note,
  note,
  type SourceInput,
  type SourceText,
} from "@clew/core";
import { contentHash } from "@clew/core/text";
import { breathe } from "../event-loop.js";
import { failedSource, reasonOf } from "../failed-source.js";
import { metadataValue } from "../rows/row-value.js";
import { textBuilder } from "../source-text-builder.js";

/** What is used of a LangChain document, whichever copy of LangChain made it. */
export interface LoadedDocument {
  readonly pageContent: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly id?: string | undefined;
}

/** What is used of a LangChain document loader. */
export interface DocumentLoader {
  load(): Promise<readonly LoadedDocument[]>;
}

/** Options of {@link documents}. */
export interface DocumentsOptions {
  /**
   * Id of the source that a document belongs to. Documents of one id are its parts, in order: pages where they have
   * page numbers, else blocks. @default `metadata.source`, else the document's `id`
   */
  readonly id?: ((document: LoadedDocument, index: number) => string | undefined) | undefined;
  /** @default `metadata.title`, else the last part of the id */
  readonly title?: ((parts: readonly LoadedDocument[]) => string | undefined) | undefined;
  /** @default the flat values, nested ones under dotted names, on which all parts agree */
  readonly metadata?: ((parts: readonly LoadedDocument[]) => Metadata) | undefined;
  /** Principals who may see the source. @default everybody in the tenant */
  readonly access?: ((parts: readonly LoadedDocument[]) => readonly string[] | undefined) | undefined;
  readonly signal?: AbortSignal | undefined;
}

const known = {
  id: true,
  title: true,
  metadata: true,
  access: true,
  signal: true,
} satisfies Readonly<Record<keyof DocumentsOptions, true>>;

/**
 * The documents of any LangChain loader, or an array of them, as sources. Identity is an id, never a text: two documents
 * with equal texts stay two. Hand over what a loader gives, before any splitter has cut it into overlapping pieces.
 *
 * A source whose parts have no text or no id is yielded as failed; an error of the loader is passed on.
 *
 * @throws ClewError `invalid-option`
 */
export function documents(
  from: DocumentLoader | readonly LoadedDocument[],
  options: DocumentsOptions = {},
): AsyncIterable<SourceInput> {
  if (!isList(from) && typeof from?.load !== "function") {
    throw invalidOption("from", "a LangChain document loader, or an array of documents");
  }
  checkKeys("documents", options, Object.keys(known));
  return { [Symbol.asyncIterator]: () => list(from, options) };
}

async function* list(
  from: DocumentLoader | readonly LoadedDocument[],
  options: DocumentsOptions,
): AsyncGenerator<SourceInput, void, undefined> {
  const { signal } = options;
  signal?.throwIfAborted();
  const loaded = isList(from) ? from : await from.load();
  signal?.throwIfAborted();
  const groups = new Map<string, LoadedDocument[]>();
  for (const [index, document] of loaded.entries()) {
    const id = options.id === undefined ? defaultId(document) : options.id(document, index);
    if (id === undefined || id === "") {
      const remedy = "Give documents the option id, or set metadata.source.";
      yield failedSource(
        `document ${index + 1}`,
        `Document ${index + 1} has neither metadata.source nor an id. ${remedy}`,
      );
      continue;
    }
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [document]);
    else group.push(document);
  }
  for (const [id, parts] of groups) {
    await breathe(signal);
    try {
      const { text, notes } = compose(id, parts, options);
      yield { id, version: text.source.version, read: async () => ({ text, notes }) };
    } catch (error) {
      yield failedSource(id, `${id} cannot be used: ${reasonOf(error)}.`);
    }
  }
}

function compose(
  id: string,
  parts: readonly LoadedDocument[],
  options: DocumentsOptions,
): { text: SourceText; notes: Note[] } {
  const builder = textBuilder();
  const notes: Note[] = [];
  const pages = pageNumbers(parts);
  if (pages?.fromZero === true) {
    notes.push(note("guessed", `The pages of ${id} are counted from 0; 1 was added to each.`));
  }
  for (const [index, { pageContent }] of parts.entries()) {
    if (typeof pageContent !== "string") throw new Error(`part ${index + 1} has no pageContent`);
    const page = pages?.numbers[index];
    if (page !== undefined) {
      builder.endParagraph();
      builder.page(page);
      builder.append(pageContent);
      if (pageContent.trim() === "")
        notes.push(note("page-without-text", `Page ${page} of ${id} has no text.`, { source: id, page }));
    } else if (parts.length === 1) builder.append(pageContent);
    else builder.block(pageContent);
  }
  const metadata = options.metadata?.(parts) ?? sharedMetadata(parts);
  const access = options.access?.(parts);
  const title = options.title?.(parts) ?? titleOf(parts) ?? lastPart(id);
  const said = parts[0]?.metadata.source;
  const uri = typeof said === "string" && said !== "" ? said : undefined;
  const draft = { id, title, mediaType: "text/plain", version: "", metadata };
  const built = builder.build({ source: draft });
  if (built.text.trim() === "") throw new Error("it has no text");
  const mark = contentHash(
    JSON.stringify([built.text, built.pages, title, Object.entries(metadata), uri ?? null, access ?? null]),
  );
  const source = {
    ...draft,
    version: `documents@1:${mark}`,
    ...(uri === undefined ? {} : { uri }),
    ...(access === undefined ? {} : { access }),
  };
  return { text: { ...built, source }, notes };
}

const isList = (from: DocumentLoader | readonly LoadedDocument[]): from is readonly LoadedDocument[] =>
  Array.isArray(from);

function defaultId({ id, metadata }: LoadedDocument): string | undefined {
  const source = metadata?.source;
  return typeof source === "string" && source !== "" ? source : id;
}

/** Page numbers when every part has one, in rising order: `loc.pageNumber` (LangChain.js) or `page` (others, often from 0). */
function pageNumbers(parts: readonly LoadedDocument[]): { numbers: number[]; fromZero: boolean } | undefined {
  const found = parts.map(({ metadata }) => {
    const loc = metadata.loc;
    const inLoc = typeof loc === "object" && loc !== null ? (loc as Row).pageNumber : undefined;
    return inLoc ?? metadata.page;
  });
  const numbers: number[] = [];
  for (const page of found) {
    if (typeof page !== "number" || !Number.isSafeInteger(page) || page < 0) return undefined;
    if (numbers.length > 0 && page <= numbers.at(-1)!) return undefined;
    numbers.push(page);
  }
  const fromZero = numbers[0] === 0;
  return { numbers: fromZero ? numbers.map((page) => page + 1) : numbers, fromZero };
}

type Row = Readonly<Record<string, unknown>>;

function sharedMetadata(parts: readonly LoadedDocument[]): Metadata {
  const flats = parts.map(({ metadata }) => new Map(flatten(metadata, "", 0)));
  const [first, ...others] = flats;
  const shared: Record<string, MetadataValue> = {};
  for (const [path, value] of first ?? []) {
    const written = JSON.stringify(value);
    if (others.every((other) => JSON.stringify(other.get(path)) === written)) shared[path] = value;
  }
  return shared;
}

function flatten(value: unknown, path: string, depth: number): [string, MetadataValue][] {
  const flat = metadataValue(value);
  if (flat !== undefined) return path === "" ? [] : [[path, flat]];
  if (typeof value !== "object" || value === null || Array.isArray(value) || depth > 5) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    flatten(inner, path === "" ? key : `${path}.${key}`, depth + 1),
  );
}

function titleOf(parts: readonly LoadedDocument[]): string | undefined {
  const title = parts[0]?.metadata.title;
  return typeof title === "string" && title.trim() !== "" ? title.trim() : undefined;
}

const lastPart = (id: string): string =>
  id
    .split(/[\\/]/)
    .filter((part) => part !== "")
    .at(-1) ?? id;
