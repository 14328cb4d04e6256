import type { Hit, PassageId } from "@clew/core";

/** What one leg found. */
export interface LegRanking {
  /** Name of the leg, for weights and explanations. */
  readonly name: string;
  /** Best first, ids distinct. */
  readonly hits: readonly Hit[];
  /** Scores of passages that only other legs ranked, where the fusion asked for them. */
  readonly scores?: ReadonlyMap<PassageId, number> | undefined;
}

/** Fuses the rankings of several legs into one. */
export interface Fusion {
  /** Short description with its parameters, for explanations. */
  readonly name: string;
  /** Whether it reads {@link LegRanking.scores}: the score of every candidate on every leg. */
  readonly needsScores: boolean;
  /** Legs of weight 0 are left out: they need not be searched. */
  weight(leg: string): number;
  /** Every candidate once, in the order of `compareHits`. */
  fuse(rankings: readonly LegRanking[]): Hit[];
}
