// the worker is loaded from the build: tests of what runs in it import the package by its name
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

describe("crossEncoder from a hub", () => {
  it("brings a model by id and revision into the cache once, and scores as from its folder", async () => {
    const requested: string[] = [];
    const server = createServer(async (request, response) => {
      requested.push(request.url!);
      const name = /^\/acme\/ms-marco-tiny\/resolve\/v1\.0\/(.+)$/.exec(request.url!)?.[1];
      if (name === undefined) response.writeHead(404).end();
      else response.end(await readFile(join(folder, name)));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const remoteHost = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const cacheDir = await mkdtemp(join(tmpdir(), "clew-reranker-"));
    try {
      const hub = { model: "acme/ms-marco-tiny", revision: "v1.0", remoteHost, cacheDir };
      const hits = [hit("the king is in paris"), hit("blue")];
      for (const round of [1, 2]) {
        const reranker = await crossEncoder(hub);
        open.push(reranker);
        expect(reranker.id).toBe("cross-encoder:ms-marco-tiny");
        expect((await reranker.rerank("who is the king", hits)).scores).toEqual([3, 0]);
        if (round === 1) await new Promise((resolve) => server.close(resolve)); // the second round has no hub
      }
      expect(requested).toHaveLength(4);
      await expect(crossEncoder({ ...hub, revision: "v2.0" })).rejects.toMatchObject({ code: "reranker-failed" });
    } finally {
      server.closeAllConnections();
      server.close();
      await rm(cacheDir, { recursive: true });
    }
  });
});

// real weights, where there are some: CLEW_MODELS, or the folder beside the project, holds tiny-cross-encoder
const models = process.env.CLEW_MODELS ?? fileURLToPath(new URL("../../../../shared/models", import.meta.url));
const real = join(models, "tiny-cross-encoder");

describe.skipIf(!existsSync(real))("crossEncoder over the real weights of tiny-cross-encoder", () => {
  testReranker({ make: () => crossEncoder({ folder: real }) });

  const question = "Which university did the founder of the Museum of Modern Art in Leiden attend?";
  const passages = [
    "The founder of the Museum of Modern Art in Leiden attended Utrecht University.",
    "Bread rises when yeast makes gas in the dough.",
    "Leiden is a city in South Holland.",
  ].map(hit);

  it("puts what answers first, with logits that do not depend on what else is scored", async () => {
    const reranker = await crossEncoder({ folder: real });
    open.push(reranker);
    const { scores, notes } = await reranker.rerank(question, passages);
    expect(notes).toEqual([]);
    expect(scores[0]).toBeGreaterThan(scores[1]!);
    expect(scores[0]).toBeGreaterThan(scores[2]!);
    for (const [index, one] of passages.entries()) {
      expect((await reranker.rerank(question, [one])).scores).toEqual([scores[index]]);
    }
  });

  it("cuts at the 128 tokens that its files name, with a note", async () => {
    const reranker = await crossEncoder({ folder: real });
    open.push(reranker);
    const { notes } = await reranker.rerank(question, [hit("word ".repeat(200)), passages[0]!]);
    expect(notes).toMatchObject([{ code: "cut", detail: { texts: 1, maxTokens: 128 } }]);
  });

  it("frees its thread when the caller leaves, and scores a prefix at a deadline", async () => {
    const reranker = await crossEncoder({ folder: real, pairsAtOnce: 10_000 });
    open.push(reranker);
    await reranker.rerank(question, passages);
    const many = Array.from({ length: 2_000 }, (_, index) => hit(`Leiden has ${index} canals. ${"word ".repeat(150)}`));
    const controller = new AbortController();
    const left = reranker.rerank(question, many, { signal: controller.signal });
    setTimeout(() => controller.abort(new Error("gone")), 20);
    await expect(left).rejects.toThrow("gone");
    // some 20 s of work would be before this if the thread went on
    await reranker.rerank(question, passages);
    const small = await crossEncoder({ folder: real, pairsAtOnce: 1 });
    open.push(small);
    await small.rerank(question, passages);
    const late = await small.rerank(question, many, { deadlineMs: 1500 });
    const reached = late.scores.indexOf(undefined);
    expect(reached).toBeGreaterThan(0);
    expect(late.scores.slice(reached).every((score) => score === undefined)).toBe(true);
    expect(late.notes.map(({ code }) => code)).toContain("deadline-passed");
  });
});
