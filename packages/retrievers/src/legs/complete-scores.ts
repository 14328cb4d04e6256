import type { PassageId, Query, Snapshot } from "@clew/core";
import type { LegRanking } from "../fusion/fusion.js";

/** Asks each leg for the scores of the candidates that only the other leg ranked. */
export async function completeScores(
  snapshot: Snapshot,
  query: Query,
  rankings: readonly LegRanking[],
  { signal }: { readonly signal?: AbortSignal | undefined },
): Promise<LegRanking[]> {
  const all = new Set(rankings.flatMap(({ hits }) => hits.map(({ passage }) => passage.id)));
  return Promise.all(
    rankings.map(async (ranking) => {
      const ranked = new Set(ranking.hits.map(({ passage }) => passage.id));
      const unranked = [...all].filter((id) => !ranked.has(id));
      const what = ranking.name === "dense" ? "cosine" : "bm25";
      const scores = new Map<PassageId, number>();
      if (unranked.length > 0) {
        const scored = await snapshot.score(unranked, query, [what], { signal });
        for (const [index, id] of unranked.entries()) {
          const score = scored.scores[index]?.[what];
          if (score !== undefined) scores.set(id, score);
        }
      }
      return { ...ranking, scores };
    }),
  );
}
