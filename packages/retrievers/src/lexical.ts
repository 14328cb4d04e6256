import type { IndexView, Retriever } from "@clew/core";
import { type LegRetrieverOptions, singleLeg } from "./legs/single-leg.js";

/**
 * Searches the lexical leg alone: BM25, for codes, names and exact words.
 *
 * @throws ClewError `leg-missing` when the index has no lexical leg
 */
export function lexical(view: IndexView, options: LegRetrieverOptions = {}): Retriever {
  return singleLeg("lexical", "lexical", view, options);
}
