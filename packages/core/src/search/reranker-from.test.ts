import { describe, expect, it } from "vitest";
import { aHit } from "../testing/a-hit.js";
import { testReranker } from "../testing/test-reranker.js";
import { type RerankerFromOptions, rerankerFrom, type ScoreRequest } from "./reranker-from.js";

const overlap = async ({ query, documents, signal }: ScoreRequest) => {
  signal.throwIfAborted();
  const words = new Set(query.toLowerCase().match(/\w+/g) ?? []);
  const shared = (text: string): number =>
    (text.toLowerCase().match(/\w+/g) ?? []).filter((word) => words.has(word)).length;
  return { results: documents.map((text, index) => ({ index, score: shared(text) / (text.length + 1) })).reverse() };
};
const from = (options: Partial<RerankerFromOptions> = {}) =>
  rerankerFrom({ id: "overlap", service: "The overlap", score: overlap, sleep: async () => undefined, ...options });

describe("rerankerFrom", () => {
  testReranker({ make: () => from() });

  it("asks in batches, best known first, and counts what was sent, repetitions included", async () => {
    const asked: (readonly string[])[] = [];
    const reranker = from({
      batchSize: 2,
      usdPerRequest: 0.5,
      score: async (request) => {
        asked.push(request.documents);
        if (asked.length === 1) throw Object.assign(new Error("busy"), { status: 503 });
        return { ...(await overlap(request)), spent: { inputTokens: 3 } };
      },
    });
    const hits = ["a", "b", "c"].map((text) => aHit({ id: text, text, title: "" }));
    const { scores, notes, usage } = await reranker.rerank("b", hits);
    expect(asked).toEqual([["a", "b"], ["a", "b"], ["c"]]);
    expect(scores).toEqual([0, 0.5, 0]);
    expect(notes).toMatchObject([{ code: "retried" }]);
    expect(usage).toEqual({ calls: 3, inputTokens: 6, outputTokens: 0, usd: 1 });
  });

  it.each([
    [undefined],
    [
      [
        { index: 0, score: 1 },
        { index: 0, score: 1 },
      ],
    ],
    [[{ index: 0, score: 1 }]],
    [
      [
        { index: 0, score: Number.NaN },
        { index: 1, score: 1 },
      ],
    ],
    [
      [
        { index: 2, score: 1 },
        { index: 1, score: 1 },
      ],
    ],
  ])("believes no %j", async (results) => {
    const reranker = from({ score: async () => (results === undefined ? undefined : { results }) });
    await expect(reranker.rerank("q", [aHit({ id: "a" }), aHit({ id: "b" })])).rejects.toMatchObject({
      code: "reranker-failed",
    });
  });
});
