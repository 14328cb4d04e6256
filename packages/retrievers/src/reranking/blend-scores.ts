import { compareHits, type Hit } from "@clew/core";

/** Options of {@link blendScores}. */
export interface BlendScoresOptions {
  /** Hits of the first stage, best first. */
  hits: readonly Hit[];
  /** The reranker's score for each of the first hits; undefined where it did not reach. */
  scores: readonly (number | undefined)[];
  /** Name of the reranker, for explanations. */
  reranker: string;
  /** Share of the reranker in [0, 1]. */
  blend: number;
}

/**
 * Orders hits by a mix of old and new scores, both stretched to [0, 1] over the hits that were reached. These get
 * scores above 1, so that they stay above the rest, whose scores fall from 1 in the order they had.
 */
export function blendScores({ hits, scores, reranker, blend }: BlendScoresOptions): Hit[] {
  const reached = hits.flatMap((hit, index) => {
    const score = scores[index];
    return score === undefined ? [] : [{ hit, score, rankBefore: index + 1 }];
  });
  const rest = hits.flatMap((hit, index) => (scores[index] === undefined ? [{ hit, rankBefore: index + 1 }] : []));
  const ofNew = stretch(reached.map(({ score }) => score));
  const ofOld = stretch(reached.map(({ hit }) => hit.score));
  const head = reached
    .map(({ hit, score, rankBefore }): Hit => {
      const parts = [
        { name: reranker, score, gain: blend * ofNew(score) },
        { name: "first stage", rank: rankBefore, score: hit.score, gain: (1 - blend) * ofOld(hit.score) },
      ];
      return {
        passage: hit.passage,
        score: 1 + parts[0]!.gain + parts[1]!.gain,
        explain: { kind: "reranked", reranker, rankBefore, before: hit.explain, score, parts },
      };
    })
    .sort(compareHits);
  const tail = rest.map(
    ({ hit, rankBefore }, index): Hit => ({
      passage: hit.passage,
      score: 1 / (index + 2),
      explain: { kind: "reranked", reranker, rankBefore, before: hit.explain },
    }),
  );
  return [...head, ...tail];
}

/** Maps the least to 0 and the best to 1; everything to 1 where all are equal. */
function stretch(values: readonly number[]): (value: number) => number {
  const least = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const best = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return best > least ? (value) => (value - least) / (best - least) : () => 1;
}
