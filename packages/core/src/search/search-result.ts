import type { Note } from "../run/note.js";
import type { Usage } from "../run/usage.js";
import type { Hit } from "./hit.js";

/** What a search found, what was degraded on the way, and what it cost. */
export interface SearchResult {
  /** Best first, in the order of `compareHits`, unless a reranker says otherwise in `explain`; ids distinct. */
  readonly hits: readonly Hit[];
  readonly notes: readonly Note[];
  /** Spent in rerankers, embedders and models. */
  readonly usage: Usage;
  /** Generation of the index that every leg saw; -1 where there is no such thing (live data). */
  readonly generation: number;
}
