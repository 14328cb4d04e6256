import { checkKeys, positiveInteger } from "@clew/core";
import type { Expander } from "./expander.js";
import { type ModelExpanderOptions, modelExpander, modelExpanderOptions } from "./model-expander.js";
import { parseQueries } from "./parse-queries.js";

/** Options of {@link decomposition}. */
export interface DecompositionOptions extends ModelExpanderOptions {
  /** Parts that the model may cut the question into, and at most searched. @default 4 */
  queries?: number | undefined;
}

/**
 * Asks a chat model for the parts of a question that can be looked up each by itself. Parts that need the answer of
 * another part are the agent's business.
 *
 * @throws ClewError `invalid-option`
 * @see Press et al., "Measuring and Narrowing the Compositionality Gap in Language Models", Findings of EMNLP 2023
 */
export function decomposition(options: DecompositionOptions): Expander {
  checkKeys("decomposition", options, [...modelExpanderOptions, "queries"] satisfies (keyof DecompositionOptions)[]);
  const { queries = 4 } = options;
  positiveInteger("queries", queries);
  return modelExpander(
    {
      id: "decomposition",
      instructions: `You plan searches. Given a question, write the parts that have to be looked up to answer it, at most ${queries}: each a search query that stands by itself, with names written out and no pronouns, and that does not need the answer of another part. A simple question has no parts: answer with an empty list. Do not answer the question. Answer with JSON: {"queries": ["…"]}. Nothing else.`,
      read: (answer) => parseQueries(answer, queries),
    },
    options,
  );
}
