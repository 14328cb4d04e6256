import { checkKeys, positiveInteger } from "@clew/core";
import type { Expander } from "./expander.js";
import { type ModelExpanderOptions, modelExpander, modelExpanderOptions } from "./model-expander.js";
import { parseQueries } from "./parse-queries.js";

/** Options of {@link multiQuery}. */
export interface MultiQueryOptions extends ModelExpanderOptions {
  /** Other wordings that the model is asked for, and at most searched. @default 3 */
  queries?: number | undefined;
}

/**
 * Asks a chat model for other wordings of the query.
 *
 * @throws ClewError `invalid-option`
 * @see Rackauckas, "RAG-Fusion: A New Take on Retrieval-Augmented Generation", IJNLC 2024
 */
export function multiQuery(options: MultiQueryOptions): Expander {
  checkKeys("multiQuery", options, [...modelExpanderOptions, "queries"] satisfies (keyof MultiQueryOptions)[]);
  const { queries = 3 } = options;
  positiveInteger("queries", queries);
  return modelExpander(
    {
      id: "multi-query",
      instructions: `You write search queries. Given a question, write ${queries} other search queries for passages that answer it: other words for the same things, each complete by itself. Keep names, numbers and codes as they are. Do not answer the question. Answer with JSON: {"queries": ["…"]}. Nothing else.`,
      read: (answer) => parseQueries(answer, queries),
    },
    options,
  );
}
