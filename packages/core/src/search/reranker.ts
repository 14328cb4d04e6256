import type { Call } from "../run/call.js";
import type { Note } from "../run/note.js";
import type { Usage } from "../run/usage.js";
import type { Hit } from "./hit.js";

/** Options of {@link Reranker.rerank}. */
export interface RerankOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds after which it returns what it has. @default no deadline */
  readonly deadlineMs?: number | undefined;
  readonly call?: Call | undefined;
}

/** What a reranker managed in time. */
export interface Reranked {
  /**
   * A score for each hit, in the order of the hits given; undefined for those it did not reach. Finite; larger is
   * better; comparable only within one result.
   */
  readonly scores: readonly (number | undefined)[];
  readonly notes: readonly Note[];
  readonly usage: Usage;
}

/** What the scores of a {@link Reranker} mean, for whoever mixes them with those of the stage before. */
export type ScoreScale =
  /** Log-odds of relevance, any real number: the logit of a cross-encoder. */
  | "log-odds"
  /** In [0, 1]. */
  | "probability"
  /** Only their order and distances within one result mean something. */
  | "order"
  /** The reranker has taken the order before into account: there is nothing left to mix. */
  | "complete";

/** Scores hits anew against a query, best known first, within a deadline. */
export interface Reranker {
  /** Short name for explanations, such as `cross-encoder:ms-marco-MiniLM-L-6-v2`. */
  readonly id: string;
  /** What its scores mean. @default "order" */
  readonly scale?: ScoreScale | undefined;
  /** @throws ClewError `reranker-failed` */
  rerank(query: string, hits: readonly Hit[], options?: RerankOptions): Promise<Reranked>;
  close?(): Promise<void>;
}
