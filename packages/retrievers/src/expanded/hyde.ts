import { checkKeys } from "@clew/core";
import type { Expander } from "./expander.js";
import { type ModelExpanderOptions, modelExpander, modelExpanderOptions } from "./model-expander.js";

/**
 * Asks a chat model for a passage that would answer the query, right or wrong, and searches with it: its vector lies
 * among those of real answers. The passage is a query and nothing else; it never becomes evidence.
 *
 * @throws ClewError `invalid-option`
 * @see Gao et al., "Precise Zero-Shot Dense Retrieval without Relevance Labels" (HyDE), ACL 2023
 */
export function hyde(options: ModelExpanderOptions): Expander {
  checkKeys("hyde", options, modelExpanderOptions);
  return modelExpander(
    {
      id: "hyde",
      instructions:
        "Write one short passage, of about 100 words, as it could stand in a document that answers the question. If you do not know the answer, write what such a passage would look like. Write the passage alone: no title, no remarks.",
      read: (answer) => {
        const passage = answer.replace(/[\s\p{Cc}]+/gu, " ").trim();
        return passage === "" ? [] : [passage];
      },
    },
    options,
  );
}
