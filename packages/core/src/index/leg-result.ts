import type { Filter } from "../filter/filter.js";
import type { Call } from "../run/call.js";
import type { Note } from "../run/note.js";
import type { Usage } from "../run/usage.js";
import type { Hit } from "../search/hit.js";

/** Options of one leg. */
export interface LegOptions {
  /** How many hits at most. */
  readonly k: number;
  readonly filter?: Filter | undefined;
  /** Hits below it are dropped, and a note counts them. @default none: k is filled however low the scores */
  readonly minScore?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly call?: Call | undefined;
}

/** What one leg found. */
export interface LegResult {
  /** In the order of `compareHits`; `explain.kind` is "leg". */
  readonly hits: readonly Hit[];
  readonly notes: readonly Note[];
  readonly usage: Usage;
}
