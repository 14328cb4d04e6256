import { ClewError, defineRetriever, type Hit, noUsage, type Reranker, scope } from "@clew/core";
import { aHit } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { reranked } from "./reranked.js";

const hits: Hit[] = ["a", "b", "c", "d"].map((id, index) => aHit({ id, score: 4 - index }));
const first = defineRetriever(
  "list",
  async (_query, { k }) => ({ hits: hits.slice(0, k), notes: [], usage: noUsage, generation: 1 }),
  { scope: scope("acme") },
);
const scoring = (scores: (number | undefined)[]): Reranker => ({
  id: "scripted",
  rerank: async (_query, given) => ({
    scores: scores.slice(0, given.length),
    notes: [],
    usage: { ...noUsage, calls: 1 },
  }),
});
const ids = (found: readonly Hit[]): string[] => found.map(({ passage }) => passage.id);

describe("reranked", () => {
  it("takes the reranker's order and remembers the one before", async () => {
    const found = await reranked(first, { reranker: scoring([1, 2, 3, 4]) }).search("q", { k: 4 });
    expect(ids(found.hits)).toEqual(["d", "c", "b", "a"]);
    expect(found.hits[0]!.explain).toMatchObject({ kind: "reranked", rankBefore: 4, score: 4 });
    expect(found.usage.calls).toBe(1);
  });

  it("keeps the order of what was not reached, below the rest, with a note", async () => {
    const found = await reranked(first, { reranker: scoring([1, 2, undefined, undefined]) }).search("q", { k: 4 });
    expect(ids(found.hits)).toEqual(["b", "a", "c", "d"]);
    expect(found.notes).toMatchObject([{ code: "reranked-partly", detail: { reached: 2, of: 4 } }]);
    const scores = found.hits.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  });

  it("reranks only as deep as it was told", async () => {
    const found = await reranked(first, { reranker: scoring([1, 2]), depth: 2 }).search("q", { k: 4 });
    expect(ids(found.hits)).toEqual(["b", "a", "c", "d"]);
  });

  it("blends: at 0 the first stage's order stands, at 1 the reranker's", async () => {
    const order = async (blend: number) =>
      ids((await reranked(first, { reranker: scoring([1, 2, 3, 4]), blend }).search("q", { k: 4 })).hits);
    expect(await order(0)).toEqual(["a", "b", "c", "d"]);
    expect(await order(1)).toEqual(["d", "c", "b", "a"]);
  });

  it("fails when the reranker fails, unless asked to degrade", async () => {
    const reranker: Reranker = {
      id: "down",
      rerank: () => Promise.reject(new ClewError("reranker-failed", "503")),
    };
    await expect(reranked(first, { reranker }).search("q")).rejects.toMatchObject({ code: "reranker-failed" });
    const found = await reranked(first, { reranker, degrade: true }).search("q", { k: 2 });
    expect(ids(found.hits)).toEqual(["a", "b"]);
    expect(found.notes).toMatchObject([{ code: "rerank-failed" }]);
  });

  it.each([[[1, 2, 3]], [[1, 2, Number.NaN, 3]]])("refuses the scores %j", async (scores) => {
    const found = reranked(first, { reranker: scoring(scores) }).search("q", { k: 4 });
    await expect(found).rejects.toMatchObject({ code: "reranker-failed" });
  });

  it.each([{ depth: 0 }, { blend: 2 }, { blend: -1 }])("refuses %j", (options) => {
    expect(() => reranked(first, { reranker: scoring([]), ...options })).toThrowError(
      expect.objectContaining({ code: "invalid-option" }),
    );
  });
});
