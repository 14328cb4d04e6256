import { checkKeys } from "@clew/core";
import type { Expander } from "./expander.js";
import { type ModelExpanderOptions, modelExpander, modelExpanderOptions } from "./model-expander.js";
import { parseQueries } from "./parse-queries.js";

/**
 * Asks a chat model for the more general question behind the query, whose answer gives the background.
 *
 * @throws ClewError `invalid-option`
 * @see Zheng et al., "Take a Step Back: Evoking Reasoning via Abstraction in Large Language Models", ICLR 2024
 */
export function stepBack(options: ModelExpanderOptions): Expander {
  checkKeys("stepBack", options, modelExpanderOptions);
  return modelExpander(
    {
      id: "step-back",
      instructions:
        'You write search queries. Given a question, write the one more general question behind it whose answer gives the background that is needed: "Which school did X attend in August 1954?" becomes "Where was X educated?". Do not answer it. Answer with JSON: {"queries": ["…"]}. Nothing else.',
      read: (answer) => parseQueries(answer, 1),
    },
    options,
  );
}
