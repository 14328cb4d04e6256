import { compareHits, type Hit, invalidOption, type Reranker } from "@clew/core";
import type { Blend } from "./blend.js";

/** Options of {@link blendScores}. */
export interface BlendScoresOptions {
  /** Hits of the first stage, best first. */
  hits: readonly Hit[];
  /** The reranker's score for each of the first hits; undefined where it did not reach. */
  scores: readonly (number | undefined)[];
  reranker: Pick<Reranker, "id" | "scale">;
  blend: Blend;
}

/**
 * Orders hits by a mix of old and new scores. Those that were reached get scores of 1 or more, so that they stay above
 * the rest, whose scores fall from below 1 in the order they had.
 *
 * @throws ClewError `invalid-option` when the blend gives something else than gains of 0 or more together
 */
export function blendScores({ hits, scores, reranker: { id, scale = "order" }, blend }: BlendScoresOptions): Hit[] {
  const reached = hits.flatMap((hit, index) => {
    const score = scores[index];
    return score === undefined ? [] : [{ hit, score, rank: index + 1, before: hit.score }];
  });
  const rest = hits.flatMap((hit, index) => (scores[index] === undefined ? [{ hit, rankBefore: index + 1 }] : []));
  const gains = blend.mix(
    reached.map(({ rank, before, score }) => ({ rank, before, score })),
    scale,
  );
  const head = reached
    .map(({ hit, score, rank }, index): Hit => {
      const { before, reranker } = gains[index] ?? { before: Number.NaN, reranker: Number.NaN };
      const sum = before + reranker;
      if (!(Number.isFinite(sum) && sum >= 0)) {
        throw invalidOption("blend", "one that gives every hit finite gains, together 0 or more", sum);
      }
      const parts = [
        { name: id, score, gain: reranker },
        { name: "first stage", rank, score: hit.score, gain: before },
      ];
      const explain = { kind: "reranked", reranker: id, rankBefore: rank, before: hit.explain, score, parts } as const;
      return { passage: hit.passage, score: 1 + sum, explain };
    })
    .sort(compareHits);
  const tail = rest.map(
    ({ hit, rankBefore }, index): Hit => ({
      passage: hit.passage,
      score: 1 / (index + 2),
      explain: { kind: "reranked", reranker: id, rankBefore, before: hit.explain },
    }),
  );
  return [...head, ...tail];
}
