import { ClewError, defineRetriever, type Hit, noUsage, type Reranker, scope, systemRuntime } from "@clew/core";
import { aCall, aHit } from "@clew/core/testing";
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
    const found = await reranked(first, { reranker: scoring([1, 2, 3, 4]), blend: 1 }).search("q", { k: 4 });
    expect(ids(found.hits)).toEqual(["d", "c", "b", "a"]);
    expect(found.hits[0]!.explain).toMatchObject({ kind: "reranked", rankBefore: 4, score: 4 });
    expect(found.usage.calls).toBe(1);
  });

  it("keeps the order of what was not reached, below the rest, with a note", async () => {
    const found = await reranked(first, { reranker: scoring([1, 2, undefined, undefined]), blend: 1 }).search("q", {
      k: 4,
    });
    expect(ids(found.hits)).toEqual(["b", "a", "c", "d"]);
    expect(found.notes).toMatchObject([{ code: "reranked-partly", detail: { reached: 2, of: 4 } }]);
    const scores = found.hits.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  });

  it("reranks only as deep as it was told", async () => {
    const found = await reranked(first, { reranker: scoring([1, 2]), depth: 2, blend: 1 }).search("q", { k: 4 });
    expect(ids(found.hits)).toEqual(["b", "a", "c", "d"]);
  });

  it("blends: at 0 the first stage's order stands, at 1 the reranker's", async () => {
    const order = async (blend: number) =>
      ids((await reranked(first, { reranker: scoring([1, 2, 3, 4]), blend }).search("q", { k: 4 })).hits);
    expect(await order(0)).toEqual(["a", "b", "c", "d"]);
    expect(await order(1)).toEqual(["d", "c", "b", "a"]);
  });

  it("gives either stage half by default, and a reranker that has mixed already all", async () => {
    // by hand: first 1, 2/3, 1/3, 0; logistic of 0, ln 3, 0, ln 4: .5, .75, .5, .8
    const logits = { ...scoring([0, Math.log(3), 0, Math.log(4)]), scale: "log-odds" as const };
    const found = await reranked(first, { reranker: logits }).search("q", { k: 4 });
    expect(ids(found.hits)).toEqual(["a", "b", "c", "d"]);
    const gains = found.hits.map(({ score }) => score - 1);
    for (const [index, gain] of [0.75, 0.7083333, 0.4166667, 0.4].entries()) expect(gains[index]).toBeCloseTo(gain, 6);
    const complete = { ...scoring([1, 2, 3, 4]), scale: "complete" as const };
    expect(ids((await reranked(first, { reranker: complete }).search("q")).hits)).toEqual(["d", "c", "b", "a"]);
    const halved = await reranked(first, { reranker: complete, blend: 0 }).search("q");
    expect(ids(halved.hits)).toEqual(["a", "b", "c", "d"]);
  });

  it("takes any blend, and refuses one that gives nonsense", async () => {
    const upside = {
      mix: (all: readonly { rank: number }[]) => all.map(({ rank }) => ({ before: rank, reranker: 0 })),
    };
    const found = await reranked(first, { reranker: scoring([1, 1, 1, 1]), blend: upside }).search("q");
    expect(ids(found.hits)).toEqual(["d", "c", "b", "a"]);
    const odd = { mix: () => [{ before: Number.NaN, reranker: 0 }] };
    const asked = reranked(first, { reranker: scoring([1, 1, 1, 1]), blend: odd }).search("q");
    await expect(asked).rejects.toMatchObject({ code: "invalid-option" });
  });

  it("has one deadline: the reranker gets what the first stage left of the search's", async () => {
    let time = 0;
    const slow = defineRetriever(
      "slow",
      async (query, options) => {
        time += 700;
        return first.search(query, options);
      },
      { scope: scope("acme") },
    );
    const told: (number | undefined)[] = [];
    const reranker: Reranker = {
      ...scoring([1, 2, 3, 4]),
      rerank: (query, given, options) => {
        told.push(options?.deadlineMs);
        return scoring([1, 2, 3, 4]).rerank(query, given, options);
      },
    };
    const call = aCall({ runtime: { ...systemRuntime, now: () => time } });
    await reranked(slow, { reranker }).search("q", { deadlineMs: 1000, call });
    await reranked(slow, { reranker, deadlineMs: 200 }).search("q", { deadlineMs: 1000, call });
    await reranked(slow, { reranker, deadlineMs: 900 }).search("q", { deadlineMs: 500, call });
    await reranked(slow, { reranker, deadlineMs: 900 }).search("q", { call });
    await reranked(slow, { reranker }).search("q", { call });
    expect(told).toEqual([300, 200, 0, 900, undefined]);
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

  it.each([{ depth: 0 }, { blend: 2 }, { blend: -1 }, { deadlineMs: -1 }])("refuses %j", (options) => {
    expect(() => reranked(first, { reranker: scoring([]), ...options })).toThrowError(
      expect.objectContaining({ code: "invalid-option" }),
    );
  });
});
