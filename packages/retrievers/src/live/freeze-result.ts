import type { Metadata, Span } from "@clew/core";
import { contentHash } from "@clew/core/text";
import type { FrozenSource } from "./frozen-store.js";
import type { ReadLiveResult } from "./read-results.js";

/** Options of {@link freezeResult}. */
export interface FreezeResultOptions {
  /** Name of the live source; the first part of every source id. */
  readonly origin: string;
  readonly query: string;
  /** Milliseconds since 1970. */
  readonly fetchedAt: number;
}

/**
 * A live result as a source. Its id is `origin:identity#hash of the text`, so that equal content has equal ids in every
 * search, and content that changed is another source: a span never points into a text that it was not made for.
 */
export function freezeResult(
  { id, title, text, uri, metadata, isRow }: ReadLiveResult,
  { origin, query, fetchedAt }: FreezeResultOptions,
): FrozenSource {
  const whole: Span = [0, text.length];
  const hash = contentHash(text);
  return {
    text: {
      source: {
        id: `${origin}:${id === "" ? (uri ?? "") : id}#${hash}`,
        title,
        ...(uri === null ? {} : { uri }),
        mediaType: "text/plain",
        version: contentHash(JSON.stringify([hash, title, uri, metadata])),
        metadata: { fetchedAt, ...(metadata as Metadata) },
      },
      text,
      pages: [],
      headings: [],
      ...(isRow ? { blocks: [whole] } : {}),
    },
    fetchedAt,
    query,
  };
}
