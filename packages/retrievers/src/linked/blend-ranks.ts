import { compareHits, type Hit, type PassageId } from "@clew/core";

/** Ranks count from 1; a small constant lets the head decide. */
const rankConstant = 2;

/**
 * Orders linked hits by a mix of their rank and that of the first stage:
 * `(1 - share) / (2 + rank) + share / (2 + rank before)`. A passage that the first stage did not find gets nothing from it.
 */
export function blendRanks(linked: readonly Hit[], first: readonly Hit[], share: number): Hit[] {
  const before = new Map<PassageId, number>(first.map(({ passage }, index) => [passage.id, index + 1]));
  return linked
    .map((hit, index): Hit => {
      const rankBefore = before.get(hit.passage.id);
      const parts = [
        {
          name: "linked",
          rank: index + 1,
          score: hit.score,
          gain: (1 - share) / (rankConstant + index + 1),
          explain: hit.explain,
        },
        {
          name: "first stage",
          rank: rankBefore,
          gain: rankBefore === undefined ? 0 : share / (rankConstant + rankBefore),
        },
      ];
      const score = parts[0]!.gain + parts[1]!.gain;
      return { passage: hit.passage, score, explain: { kind: "fused", method: `rrf(${rankConstant})`, parts } };
    })
    .sort(compareHits);
}
