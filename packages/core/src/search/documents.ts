import { Document, type DocumentInterface } from "@langchain/core/documents";
import { invalidOption } from "../errors/invalid-option.js";
import type { Passage } from "../source/passage.js";
import { passageId } from "../source/passage-id.js";
import type { Explain } from "./explain.js";
import type { Hit } from "./hit.js";

/** What {@link toDocument} puts under `metadata.clew`. */
export interface DocumentTrace extends Omit<Passage, "text" | "metadata"> {
  readonly score: number;
  readonly explain: Explain;
}

/** A hit as a LangChain document: text, id, the passage's metadata, and all else under the one key `clew`. */
export function toDocument({ passage, score, explain }: Hit): DocumentInterface {
  const { text, metadata, ...rest } = passage;
  const clew: DocumentTrace = { ...rest, score, explain };
  return new Document({ id: passage.id, pageContent: text, metadata: { ...metadata, clew } });
}

/** Options of {@link fromDocument}. */
export interface FromDocumentOptions {
  /** Identity of a document that carries none. Never made from its text: two documents may share that. */
  id?: string | undefined;
  /** Score of a document that carries none. @default 0 */
  score?: number | undefined;
}

/**
 * The hit that a document came from; of a foreign document, a hit whose span is the whole of its text.
 *
 * @throws ClewError `invalid-option` when neither the document nor the options have an id
 */
export function fromDocument(document: DocumentInterface, { id, score = 0 }: FromDocumentOptions = {}): Hit {
  const { clew, ...metadata } = document.metadata;
  if (isTrace(clew)) {
    const { score: own, explain, ...rest } = clew;
    return { passage: { ...rest, text: document.pageContent, metadata }, score: own, explain };
  }
  const identity = document.id ?? id;
  if (identity === undefined) throw invalidOption("id", "given for a document that has none");
  const text = document.pageContent;
  return {
    passage: {
      id: passageId(identity),
      source: typeof metadata.source === "string" ? metadata.source : identity,
      ordinal: 0,
      span: [0, text.length],
      text,
      title: typeof metadata.title === "string" ? metadata.title : "",
      headings: [],
      line: 1,
      metadata: flat(metadata),
    },
    score,
    explain: { kind: "other", name: "document", detail: {} },
  };
}

const isTrace = (value: unknown): value is DocumentTrace =>
  typeof value === "object" && value !== null && "span" in value && "score" in value && "explain" in value;

/** Nested metadata of foreign documents becomes JSON text, so that nothing is dropped and filters stay plain. */
const flat = (metadata: Record<string, unknown>): Passage["metadata"] =>
  Object.fromEntries(
    Object.entries(metadata)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, isPlain(value) ? value : JSON.stringify(value)]),
  );

const isPlain = (value: unknown): value is string | number | boolean | null | (string | number | boolean)[] =>
  value === null ||
  ["string", "number", "boolean"].includes(typeof value) ||
  (Array.isArray(value) && value.every((item) => ["string", "number", "boolean"].includes(typeof item)));
