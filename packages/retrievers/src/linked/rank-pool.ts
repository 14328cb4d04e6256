import type { PassageId } from "@clew/core";
import type { LinkWalk } from "./link-walk.js";
import { linkedWeights as w } from "./linked-weights.js";
import type { QuestionCover } from "./question-cover.js";

/** What is known of one passage of the pool, and the score that it makes. */
export interface PoolScore {
  readonly score: number;
  /** By name, for explanations. */
  readonly features: Readonly<Record<string, number>>;
}

/** Options of {@link rankPool}. */
export interface RankPoolOptions {
  ids: readonly PassageId[];
  walk: LinkWalk;
  seeds: Float64Array;
  cover: QuestionCover;
  /** Cosine of each passage with the question; 0 without an embedder. */
  cosines: readonly number[];
}

/**
 * Scores the pool: `ln(walk + floor) + cosine + gate · (coverage + open + chain)`, each times its weight, where `open` is what a
 * passage covers of the question that one of the walk's best leaves open, and `chain` the strength of a link from one of
 * them. The gate opens with the share of the seeds that have title edges: without titles, chains are guesses.
 */
export function rankPool({ ids, walk: { mass, moves, titled }, seeds, cover, cosines }: RankPoolOptions): PoolScore[] {
  const best = Array.from(mass.keys()).sort((a, b) => mass[b]! - mass[a]! || (ids[a]! < ids[b]! ? -1 : 1));
  const onTitles = seeds.reduce((sum, value, index) => sum + (titled[index] ? value : 0), 0);
  const gate = Math.min(1, onTitles / w.gate);
  const chains = new Float64Array(ids.length);
  for (const from of best.slice(0, w.linkedFrom)) {
    for (const [to, chance] of moves[from]!) {
      const value = Math.sqrt(mass[from]!) * chance * (cover.of(from) + cover.open(from, to));
      chains[to] = Math.max(chains[to]!, value);
    }
  }
  return ids.map((_, passage) => {
    let open = 0;
    for (const from of best.filter((other) => other !== passage).slice(0, w.openFrom)) {
      open = Math.max(open, mass[from]! * cover.open(from, passage));
    }
    const [walk, cosine, coverage, chain] = [mass[passage]!, cosines[passage]!, cover.of(passage), chains[passage]!];
    const score =
      Math.log(walk + w.floor) + w.cosine * cosine + gate * (w.coverage * coverage + w.open * open + w.chain * chain);
    return { score, features: { walk, cosine, coverage, open, chain, gate } };
  });
}
