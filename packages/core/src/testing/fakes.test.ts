import { describe, expect, it } from "vitest";
import { aHit } from "./a-hit.js";
import { fakeReranker } from "./fake-reranker.js";
import { faultyRetriever } from "./faulty-retriever.js";
import { fixedRuntime } from "./fixed-runtime.js";
import { hashEmbedder } from "./hash-embedder.js";
import { sourceInputs } from "./source-input.js";

const hits = [
  aHit({ id: "a", text: "the red fox", score: 0.5 }),
  aHit({ id: "b", text: "a blue dog", score: 0.9 }),
  aHit({ id: "c", text: "a red dog", score: 0.1 }),
];

describe("fixedRuntime", () => {
  it("repeats itself, and moves when told to", () => {
    const [one, two] = [fixedRuntime(), fixedRuntime()];
    const look = (runtime: typeof one): unknown[] => [runtime.now(), runtime.id(), runtime.id(), runtime.random()];
    expect(look(one)).toEqual(look(two));
    one.advance(5);
    expect(one.now() - two.now()).toBe(5);
    expect(fixedRuntime({ seed: 2 }).random()).not.toBe(fixedRuntime().random());
  });
});

describe("sourceInputs", () => {
  it("names sources by their place, and versions by their content", async () => {
    const [a, b] = sourceInputs(["same", "same"]);
    const [c] = sourceInputs([{ text: "same", access: ["amy"] }]);
    expect([a!.id, b!.id, c!.id]).toEqual(["s1", "s2", "s1"]);
    expect(c!.version).not.toBe(a!.version);
    const { text } = await sourceInputs(["e\u0301\r\nx"])[0]!.read({});
    expect(text.text).toBe("\u00e9\nx");
  });
});

describe("hashEmbedder", () => {
  it("cuts long texts with a note, and prefixes change the vector", async () => {
    const embedder = hashEmbedder({ maxTokens: 2, prefixes: { query: "ask " } });
    const { vectors, notes } = await embedder.embedDocuments(["one two three", "one two"]);
    expect(notes).toMatchObject([{ code: "cut", detail: { tokens: 3 } }]);
    expect(vectors[0]).toEqual(vectors[1]);
    expect((await embedder.embedQuery("one two")).vectors[0]).not.toEqual(vectors[1]);
    expect([embedder.calls, embedder.texts.length, embedder.queries]).toEqual([2, 2, ["one two"]]);
  });

  it("goes wrong as told", async () => {
    const embedder = hashEmbedder({ dimensions: 8 });
    embedder.breakWith({ kind: "fails", afterTexts: 1 });
    await embedder.embedDocuments(["one"]);
    await expect(embedder.embedDocuments(["two"])).rejects.toMatchObject({ code: "embedder-failed" });
    embedder.breakWith({ kind: "dimensions" });
    expect((await embedder.embedQuery("x")).vectors[0]).toHaveLength(9);
    embedder.breakWith({ kind: "nan" });
    expect((await embedder.embedQuery("x")).vectors[0]![0]).toBeNaN();
    embedder.breakWith({ kind: "missing" });
    expect((await embedder.embedDocuments(["x", "y"])).vectors).toHaveLength(1);
    embedder.breakWith({ kind: "slow", ms: 60_000 });
    const controller = new AbortController();
    const waiting = embedder.embedQuery("x", { signal: controller.signal });
    controller.abort(new Error("gone"));
    await expect(waiting).rejects.toThrow("gone");
  });
});

describe("fakeReranker", () => {
  it("scores by overlap: 2 of 2 words, 0 of 2, 1 of 2", async () => {
    expect((await fakeReranker().rerank("red fox", hits)).scores).toEqual([1, 0, 0.5]);
  });

  it("goes wrong as told", async () => {
    const scoresOf = async (fault: Parameters<typeof fakeReranker>[0]): Promise<readonly (number | undefined)[]> =>
      (await fakeReranker(fault).rerank("red fox", hits)).scores;
    expect(await scoresOf({ fault: { kind: "partial", reached: 1 } })).toEqual([1, undefined, undefined]);
    expect((await scoresOf({ fault: { kind: "nan" } }))[0]).toBeNaN();
    expect(await scoresOf({ fault: { kind: "too-many" } })).toHaveLength(4);
    expect(await scoresOf({ fault: { kind: "too-few" } })).toHaveLength(2);
    await expect(scoresOf({ fault: { kind: "throws" } })).rejects.toMatchObject({ code: "reranker-failed" });
    const slow = fakeReranker({ fault: { kind: "slow", msPerHit: 4 } });
    const { scores, notes } = await slow.rerank("red fox", hits, { deadlineMs: 9 });
    expect(scores).toEqual([1, 0, undefined]);
    expect(notes).toMatchObject([{ code: "deadline-passed" }]);
  });
});

describe("faultyRetriever", () => {
  const ids = async (retriever: ReturnType<typeof faultyRetriever>): Promise<string[]> =>
    (await retriever.search("?")).hits.map(({ passage }) => passage.id);

  it("goes wrong as told", async () => {
    expect(await ids(faultyRetriever({ hits }))).toEqual(["b", "a", "c"]);
    await expect(ids(faultyRetriever({ fault: { kind: "throws" } }))).rejects.toMatchObject({
      code: "retriever-failed",
    });
    const flaky = faultyRetriever({ hits, fault: { kind: "flaky", failures: 1 } });
    await expect(ids(flaky)).rejects.toThrow();
    expect(await ids(flaky)).toHaveLength(3);
    for (const kind of ["duplicates", "nan"] as const) {
      await expect(ids(faultyRetriever({ hits, fault: { kind } }))).rejects.toMatchObject({ code: "retriever-failed" });
    }
    const { notes } = await faultyRetriever({ hits, fault: { kind: "degraded" } }).search("?");
    expect(notes).toMatchObject([{ code: "leg-failed" }]);
  });

  it.each(["slow", "deaf"] as const)("lets the caller go when aborted (%s)", async (kind) => {
    const controller = new AbortController();
    const searching = faultyRetriever({ fault: { kind, ms: 200 } }).search("?", { signal: controller.signal });
    setTimeout(() => controller.abort(new Error("gone")), 5);
    await expect(searching).rejects.toThrow("gone");
  });
});
