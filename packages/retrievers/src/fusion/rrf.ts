import { checkKeys, nonNegative } from "@clew/core";
import { checkWeights } from "./check-weights.js";
import { fuseCandidates } from "./fuse-candidates.js";
import type { Fusion } from "./fusion.js";

/** Options of {@link rrf}. */
export interface RrfOptions {
  /** Rank constant, in ranks (0 or more); larger flattens the curve. @default 10 */
  rankConstant?: number | undefined;
  /** Weight of each leg by name (0 or more); 0 leaves it out. @default 1 each */
  weights?: Readonly<Record<string, number>> | undefined;
}

/**
 * Weighted reciprocal rank fusion, ranks counted from 1:
 * `score(d) = sum of weight / (rankConstant + rank(d))` over the legs that found d.
 *
 * The default constant is 10: over nfcorpus, hotpotqa, musique and 2wiki it is better than the customary 60.
 *
 * @throws ClewError `invalid-option` when a number is out of range
 * @see Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion", SIGIR 2009
 */
export function rrf(options: RrfOptions = {}): Fusion {
  checkKeys("rrf", options, ["rankConstant", "weights"] satisfies (keyof RrfOptions)[]);
  const { rankConstant = 10, weights } = options;
  nonNegative("rankConstant", rankConstant);
  const checked = weights === undefined ? undefined : checkWeights(weights);
  const weight = (leg: string): number => checked?.[leg] ?? (checked === undefined ? 1 : 0);
  const shares = Object.entries(checked ?? {}).map(([leg, value]) => `, ${leg} ${value}`);
  const name = `rrf(${rankConstant}${shares.join("")})`;
  return {
    name,
    needsScores: false,
    weight,
    fuse: (rankings) =>
      fuseCandidates(
        rankings.filter((ranking) => weight(ranking.name) > 0),
        name,
        ({ leg, rank }) => (rank === undefined ? 0 : weight(leg) / (rankConstant + rank)),
      ),
  };
}
