import type { FusedPart, Hit, PassageId } from "@clew/core";
import { compareHits } from "@clew/core";
import type { LegRanking } from "./fusion.js";

/** What a leg knows of one candidate. */
export interface CandidatePart {
  readonly leg: string;
  /** From 1; absent when the leg did not rank it. */
  readonly rank?: number | undefined;
  readonly score?: number | undefined;
  readonly hit?: Hit | undefined;
}

/**
 * Goes through every candidate once and makes a fused hit of it.
 *
 * @param gain what a leg adds to the score of a candidate; parts are added in the order of the legs
 */
export function fuseCandidates(
  rankings: readonly LegRanking[],
  method: string,
  gain: (part: CandidatePart, ranking: LegRanking) => number,
): Hit[] {
  const found = new Map<PassageId, { readonly hit: Hit; readonly ranks: Map<string, readonly [number, Hit]> }>();
  for (const { name, hits } of rankings) {
    for (const [index, hit] of hits.entries()) {
      const candidate = found.get(hit.passage.id) ?? { hit, ranks: new Map() };
      candidate.ranks.set(name, [index + 1, hit]);
      found.set(hit.passage.id, candidate);
    }
  }
  return [...found.values()]
    .map(({ hit: { passage }, ranks }): Hit => {
      const parts = rankings.map((ranking): FusedPart => {
        const [rank, hit] = ranks.get(ranking.name) ?? [];
        const score = hit?.score ?? ranking.scores?.get(passage.id);
        return {
          name: ranking.name,
          rank,
          score,
          gain: gain({ leg: ranking.name, rank, score, hit }, ranking),
          explain: hit?.explain,
        };
      });
      const score = parts.reduce((sum, part) => sum + part.gain, 0);
      return { passage, score, explain: { kind: "fused", method, parts } };
    })
    .sort(compareHits);
}
