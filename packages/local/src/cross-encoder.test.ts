// the worker is loaded from the build: tests of what runs in it import the package by its name
import { fileURLToPath } from "node:url";
import type { Hit, Reranker } from "@clew/core";
import { aCall, aHit, testReranker } from "@clew/core/testing";
import { crossEncoder } from "@clew/local";
import { afterAll, describe, expect, it } from "vitest";

const folder = fileURLToPath(new URL("../fixtures/tiny-cross-encoder", import.meta.url));
const open: Reranker[] = [];
afterAll(() => Promise.all(open.map((reranker) => reranker.close?.())));

const make = async (options: { maxTokens?: number; pairsAtOnce?: number } = {}): Promise<Reranker> => {
  const reranker = await crossEncoder({ folder, ...options });
  open.push(reranker);
  return reranker;
};
const hit = (text: string): Hit => aHit({ id: text, text, title: "" });

describe("crossEncoder", () => {
  testReranker({ make: () => crossEncoder({ folder }) });

  it("is named after its model", async () => {
    expect((await make()).id).toBe("cross-encoder:tiny-cross-encoder");
    const named = await crossEncoder({ folder, model: "acme/ranker" });
    open.push(named);
    expect(named.id).toBe("cross-encoder:ranker");
  });

  it("gives the model's logits, in the order of the hits", async () => {
    const reranker = await make();
    // the fixture counts pairs of equal known words: the, king, is; of twice and france; none
    const hits = [hit("the king is in paris"), hit("of of france"), hit("blue")];
    const { scores, notes } = await reranker.rerank("who is the king of france", hits);
    expect(scores).toEqual([3, 3, 0]);
    expect(notes).toEqual([]);
  });

  it("reads title and headings too", async () => {
    const reranker = await make();
    const passage = aHit({ id: "x", text: "blue" }).passage;
    const titled = { ...aHit({ id: "x" }), passage: { ...passage, title: "Paris", headings: ["France"] } };
    expect((await reranker.rerank("paris france", [titled])).scores).toEqual([2]);
  });

  it("cuts the longer of query and passage, and says so", async () => {
    const reranker = await make({ maxTokens: 8 });
    const { scores, notes } = await reranker.rerank("king", [hit("a b a b king"), hit("red green blue one king")]);
    // 8 tokens less 3 special ones and the query: 4 of the passage
    expect(scores).toEqual([0, 0]);
    expect(notes).toMatchObject([{ code: "cut", detail: { texts: 2, maxTokens: 8 } }]);
  });

  it("returns the prefix that it scored when the clock says so, with a note", async () => {
    const reranker = await make({ pairsAtOnce: 1 });
    await reranker.rerank("king", [hit("king")]);
    // the clock advances by 20 s at each look: start, before the first pair, before the second, before the third
    let time = 0;
    const runtime = { ...aCall().runtime, now: () => (time += 20_000) };
    const hits = ["king", "king king", "king king king", "red"].map(hit);
    const { scores, notes } = await reranker.rerank("king", hits, { deadlineMs: 50_000, call: aCall({ runtime }) });
    expect(scores).toEqual([1, 2, undefined, undefined]);
    expect(notes).toMatchObject([{ code: "deadline-passed", detail: { scored: 2, hits: 4, deadlineMs: 50_000 } }]);
  });

  it("a deadline of 0 scores nothing, and no failure", async () => {
    const { scores, notes } = await (await make()).rerank("king", [hit("king")], { deadlineMs: 0 });
    expect(scores).toEqual([undefined]);
    expect(notes).toMatchObject([{ code: "deadline-passed" }]);
  });

  it("stops when it is aborted in the midst of work", async () => {
    const reranker = await make({ pairsAtOnce: 1 });
    const controller = new AbortController();
    const hits = Array.from({ length: 50 }, (_, index) => hit(`king ${index}`));
    const job = reranker.rerank("king", hits, { signal: controller.signal, deadlineMs: 60_000 });
    setImmediate(() => controller.abort(new Error("gone")));
    await expect(job).rejects.toThrowError("gone");
  });

  it("refuses a folder without a model, options out of range, and an embedder in its place", async () => {
    await expect(crossEncoder({ folder: "nowhere" })).rejects.toMatchObject({ code: "not-found" });
    await expect(crossEncoder({ folder, pairsAtOnce: 0 })).rejects.toMatchObject({ code: "invalid-option" });
    await expect(crossEncoder({ folder, threads: 0 })).rejects.toMatchObject({ code: "invalid-option" });
    const embedder = await crossEncoder({ folder: folder.replace("tiny-cross-encoder", "tiny-embedder") });
    open.push(embedder);
    await expect(embedder.rerank("a", [hit("a")])).rejects.toMatchObject({
      code: "reranker-failed",
      message: expect.stringContaining("no output logits"),
    });
    await expect((await make()).rerank("a", [], { deadlineMs: -1 })).rejects.toMatchObject({ code: "invalid-option" });
  });
});

// with real weights, where there are some: CLEW_MODELS names a folder that holds tiny-cross-encoder
const models = process.env.CLEW_MODELS;
if (models !== undefined) {
  describe("crossEncoder over the real weights in CLEW_MODELS", () => {
    testReranker({ make: () => crossEncoder({ folder: `${models}/tiny-cross-encoder` }) });
  });
}
