import { defineRetriever, type Hit, note, noUsage, type Retriever, scope } from "@clew/core";
import { aHit, faultyRetriever, fixedRuntime } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { evaluateRetriever } from "./evaluate-retriever.js";

const hits: Hit[] = [
  aHit({ id: "p1", source: "s1", score: 3 }),
  aHit({ id: "p2", source: "s1", score: 2 }),
  aHit({ id: "p3", source: "s2", score: 1 }),
];
const retriever = faultyRetriever({ hits });
const golden = [
  { query: "one?", relevant: ["s2"] },
  { query: "two?", relevant: { s1: 2, s9: 1 } },
];

/** Answers with what a test gives it, and remembers what it was asked. */
function watched(
  answer: (query: string) => Partial<{ hits: Hit[]; notes: ReturnType<typeof note>[]; generation: number }>,
) {
  const asked: { query: string; k: number }[] = [];
  const made = defineRetriever(
    "watched",
    async (query, { k }) => {
      asked.push({ query, k });
      return { hits: [], notes: [], generation: 1, usage: { ...noUsage, calls: 1 }, ...answer(query) };
    },
    { scope: scope("acme") },
  );
  return { retriever: made, asked };
}

describe("evaluateRetriever", () => {
  it("gives run, metrics, times and texts; a source ranks where its first passage does", async () => {
    const found = await evaluateRetriever(retriever, {
      golden,
      metrics: ["recall@2", "mrr"],
      runtime: fixedRuntime({ tick: 5 }),
    });
    expect(found.run).toEqual(
      new Map([
        ["q1", ["s1", "s2"]],
        ["q2", ["s1", "s2"]],
      ]),
    );
    expect(found.means).toEqual({ "recall@2": (1 + 1 / 2) / 2, mrr: (1 / 2 + 1) / 2 });
    expect([...found.times]).toEqual([
      ["q1", 5],
      ["q2", 5],
    ]);
    expect(found.latency).toEqual({ p50: 5, p95: 5, p99: 5, mean: 5, max: 5, count: 2 });
    expect([found.name, found.texts.get("q1"), found.notes, found.failed]).toEqual(["faulty", "one?", [], []]);
  });

  it("judges passages where the golden set names passages", async () => {
    const found = await evaluateRetriever(retriever, {
      golden: [{ query: "one?", relevant: ["p2"] }],
      by: "passage",
      metrics: ["mrr"],
    });
    expect([found.run.get("q1"), found.means.mrr]).toEqual([["p1", "p2", "p3"], 0.5]);
  });

  it("counts the notes, so that degraded results show", async () => {
    const degraded = await evaluateRetriever(faultyRetriever({ hits, fault: { kind: "degraded" } }), { golden });
    expect(degraded.notes).toEqual([
      { code: "leg-failed", queries: ["q1", "q2"], example: "A leg failed, as the test told it to." },
    ]);
    const some = watched((query) => ({
      notes: query === "one?" ? [note("cut", "a"), note("cut", "b"), note("retried", "c")] : [note("retried", "d")],
      generation: query === "one?" ? 4 : 5,
    }));
    const found = await evaluateRetriever(some.retriever, { golden });
    expect(found.notes).toEqual([
      { code: "retried", queries: ["q1", "q2"], example: "c" },
      { code: "cut", queries: ["q1"], example: "a" },
    ]);
    expect([found.usage.calls, found.generations]).toEqual([2, [4, 5]]);
  });

  it("fails with the search, unless asked to go on; then the failure is listed and counts as nothing found", async () => {
    const broken = (): Retriever => faultyRetriever({ hits, fault: { kind: "flaky", failures: 1 } });
    await expect(evaluateRetriever(broken(), { golden })).rejects.toMatchObject({ code: "retriever-failed" });
    const found = await evaluateRetriever(broken(), { golden, degrade: true, metrics: ["mrr"] });
    expect([found.means.mrr, found.latency.count, found.failed]).toEqual([
      0.5,
      1,
      [{ query: "q1", reason: "The retriever failed, as the test told it to." }],
    ]);
  });

  it("does not make figures of failures alone", async () => {
    const down = faultyRetriever({ fault: { kind: "throws" } });
    await expect(evaluateRetriever(down, { golden, degrade: true })).rejects.toThrow(/Every search .* told it to/);
  });

  it("asks for each query once, in order, after the searches that warm up", async () => {
    const { retriever: quiet, asked } = watched(() => ({}));
    const progress: number[][] = [];
    await evaluateRetriever(quiet, { golden, warmUp: 1, k: 20, onProgress: (...step) => progress.push(step) });
    expect(asked).toEqual(["one?", "one?", "two?"].map((query) => ({ query, k: 20 })));
    expect(progress).toEqual([
      [1, 2],
      [2, 2],
    ]);
  });

  it("stops when told, with no search after it", async () => {
    const controller = new AbortController();
    const { retriever: quiet, asked } = watched(() => ({}));
    const stopped = evaluateRetriever(quiet, {
      golden,
      degrade: true,
      signal: controller.signal,
      onProgress: () => controller.abort(new Error("enough")),
    });
    await expect(stopped).rejects.toThrow("enough");
    expect(asked.length).toBe(1);
  });

  it.each([
    [{ golden, metrics: ["recall@101" as const] }, /"k" must be at least what recall@101 looks at/],
    [{ golden, by: "page" as never }, /"source" or "passage"/],
    [{ golden, warmUp: -1 }, /warmUp/],
    [{ golden, k: 0 }, /"k"/],
    [{ golden, concurrency: 4 } as never, /"concurrency" must be one of/],
    [{ golden: [] }, /No query/],
  ])("refuses %j", async (options, message) => {
    await expect(evaluateRetriever(retriever, options)).rejects.toThrow(message);
  });
});
