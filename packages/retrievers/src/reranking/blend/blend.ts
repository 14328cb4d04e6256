import type { ScoreScale } from "@clew/core";

/** A hit that the reranker scored. */
export interface ReachedHit {
  /** Rank in the stage before, from 1. */
  readonly rank: number;
  /** Score in the stage before. */
  readonly before: number;
  /** The reranker's score. */
  readonly score: number;
}

/** What the two stages give to one hit's final score: finite, together 0 or more. */
export interface BlendGains {
  readonly before: number;
  readonly reranker: number;
}

/** How the scores of a reranker are mixed with those of the stage before. */
export interface Blend {
  /** The gains of each hit, in the order given. */
  mix(hits: readonly ReachedHit[], scale: ScoreScale): readonly BlendGains[];
}
