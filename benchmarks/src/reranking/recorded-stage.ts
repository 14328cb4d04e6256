import { defineRetriever, type Hit, noUsage, type Reranker, type Retriever, type ScoreScale } from "@clew/core";

/** What a reranker made of the hits of one question, hit by hit. */
export interface RecordedScores {
  /** Score of each hit, best known first. */
  readonly scores: readonly number[];
  /** Milliseconds that each took. */
  readonly ms: readonly number[];
}

/** A first stage that answers from memory. */
export const recordedRetriever = (found: ReadonlyMap<string, readonly Hit[]>): Retriever =>
  defineRetriever(
    "recorded",
    async (question, { k }) => ({
      hits: (found.get(question) ?? []).slice(0, k),
      notes: [],
      usage: noUsage,
      generation: 0,
    }),
    { scope: undefined },
  );

/** A reranker that answers from memory, as far as it would have come by its deadline. */
export const recordedReranker = (
  recorded: ReadonlyMap<string, RecordedScores>,
  scale: ScoreScale | undefined,
): Reranker => ({
  id: "recorded",
  scale,
  rerank: async (question, hits, { deadlineMs = Number.POSITIVE_INFINITY } = {}) => {
    const { scores, ms } = recorded.get(question)!;
    let spent = 0;
    return {
      scores: hits.map((_, index) => {
        spent += ms[index]!;
        return spent <= deadlineMs ? scores[index] : undefined;
      }),
      notes: [],
      usage: noUsage,
    };
  },
});
