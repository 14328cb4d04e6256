import { checkKeys, invalidOption } from "@clew/core";
import { checkWeights } from "./check-weights.js";
import { fuseCandidates } from "./fuse-candidates.js";
import type { Fusion, LegRanking } from "./fusion.js";

/**
 * How a leg's scores become comparable: `none` takes them raw, `max` divides them by the leg's best, `min-max` stretches
 * what the leg ranked to [0, 1].
 */
export type Normalisation = "none" | "max" | "min-max";

/** Options of {@link convex}. */
export interface ConvexOptions {
  /** Weight of each leg by name (0 or more); 0 leaves it out. @default { dense: 0.7, lexical: 0.3 } */
  weights?: Readonly<Record<string, number>> | undefined;
  /** Normalisation of each leg by name. @default { dense: "none", lexical: "max" }; "max" for other legs */
  normalise?: Readonly<Record<string, Normalisation>> | undefined;
}

const defaultNormalisation: Readonly<Record<string, Normalisation>> = { dense: "none", lexical: "max" };

/**
 * A weighted sum of scores: by default `0.7 × cosine + 0.3 × BM25 / best BM25`. A candidate that a leg did not rank
 * is scored by it all the same.
 *
 * @throws ClewError `invalid-option` when a number is out of range
 * @see Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval", TOIS 2023
 */
export function convex(options: ConvexOptions = {}): Fusion {
  checkKeys("convex", options, ["weights", "normalise"] satisfies (keyof ConvexOptions)[]);
  const { weights = { dense: 0.7, lexical: 0.3 }, normalise = {} } = options;
  const checked = checkWeights(weights);
  for (const [leg, value] of Object.entries(normalise)) {
    if (!["none", "max", "min-max"].includes(value)) {
      throw invalidOption(`normalise.${leg}`, '"none", "max" or "min-max"', value);
    }
  }
  const weight = (leg: string): number => checked[leg] ?? 0;
  const methods = { ...defaultNormalisation, ...normalise };
  const name = `convex(${Object.entries(checked)
    .map(([leg, value]) =>
      methods[leg] === defaultNormalisation[leg] ? `${leg} ${value}` : `${leg} ${value} by ${methods[leg]}`,
    )
    .join(", ")})`;
  return {
    name,
    needsScores: true,
    weight,
    fuse: (rankings) => {
      const used = rankings.filter((ranking) => weight(ranking.name) > 0);
      const scale = new Map(used.map((ranking) => [ranking.name, scaler(ranking, methods[ranking.name] ?? "max")]));
      return fuseCandidates(used, name, ({ leg, score }) =>
        score === undefined ? 0 : weight(leg) * scale.get(leg)!(score),
      );
    },
  };
}

function scaler({ hits }: LegRanking, method: Normalisation): (score: number) => number {
  if (method === "none" || hits.length === 0) return (score) => score;
  const scores = hits.map((hit) => hit.score);
  const best = scores.reduce((a, b) => Math.max(a, b));
  if (method === "max") return best > 0 ? (score) => score / best : () => 0;
  const least = scores.reduce((a, b) => Math.min(a, b));
  return best > least ? (score) => Math.max(0, (score - least) / (best - least)) : () => 1;
}
