import type { IndexView, Retriever } from "@clew/core";
import { type LegRetrieverOptions, singleLeg } from "./legs/single-leg.js";

/**
 * Searches the dense leg alone: exact cosine, what is commonly called naive RAG.
 *
 * @throws ClewError `leg-missing` when the index has no embedder
 */
export function naive(view: IndexView, options: LegRetrieverOptions = {}): Retriever {
  return singleLeg("naive", "dense", view, options);
}
