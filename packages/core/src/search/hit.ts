import type { Passage } from "../source/passage.js";
import type { Explain } from "./explain.js";

/** A passage with its score and the reason for that score. Stages make new hits; they never change one. */
export interface Hit {
  readonly passage: Passage;
  /** Finite; larger is better. Comparable only within one ranking. */
  readonly score: number;
  readonly explain: Explain;
}

/** The total order of hits: score downwards, then id by code unit. */
export function compareHits(a: Pick<Hit, "score" | "passage">, b: Pick<Hit, "score" | "passage">): number {
  if (a.score !== b.score) return b.score - a.score;
  return a.passage.id < b.passage.id ? -1 : a.passage.id > b.passage.id ? 1 : 0;
}
