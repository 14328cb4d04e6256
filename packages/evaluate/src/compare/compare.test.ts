import { seededRandom } from "@clew/core/measure";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareEvaluations } from "./compare-evaluations.js";
import { compareMany } from "./compare-many.js";
import { compareRuns } from "./compare-runs.js";
import { holm } from "./holm.js";
import { latency } from "./latency.js";

const qrels = new Map(["q1", "q2", "q3", "q4"].map((query) => [query, new Map([["a", 1]])]));
const run = (rankings: readonly string[]): Map<string, string[]> =>
  new Map(rankings.map((ranking, index) => [`q${index + 1}`, [...ranking]]));

describe("compareRuns", () => {
  it("says by how much, how surely, and who won and lost, by hand", async () => {
    // reciprocal ranks: before 1/2, 1, 1/3, 0; after 1, 1/2, 1/2, 0
    const texts = new Map([["q1", "first?"]]);
    const found = await compareRuns(run(["xa", "ax", "xya", "x"]), run(["ax", "xa", "xay", "x"]), {
      qrels,
      metrics: ["mrr"],
      texts,
      names: ["before", "after"],
    });
    const mrr = found.metrics.mrr!;
    expect([found.baseline, found.contender, found.queries, found.latency]).toEqual(["before", "after", 4, undefined]);
    expect(mrr.baseline).toBeCloseTo(11 / 24, 12);
    expect(mrr.contender).toBeCloseTo(1 / 2, 12);
    expect(mrr.difference.mean).toBeCloseTo(1 / 24, 12);
    expect([mrr.wins, mrr.losses, mrr.ties]).toEqual([2, 1, 1]);
    // differences 1/2, −1/2, 1/6: |sum| of 1/6 or more holds for each of the 8 sign patterns
    expect([mrr.p, mrr.exact]).toEqual([1, true]);
    expect(mrr.queries).toEqual([
      { query: "q1", text: "first?", baseline: 0.5, contender: 1, difference: 0.5 },
      { query: "q3", text: undefined, baseline: 1 / 3, contender: 0.5, difference: 0.5 - 1 / 3 },
      { query: "q4", text: undefined, baseline: 0, contender: 0, difference: 0 },
      { query: "q2", text: undefined, baseline: 1, contender: 0.5, difference: -0.5 },
    ]);
  });

  it("finds no difference between runs that are alike", async () => {
    const same = run(["xa", "ax", "xya", "x"]);
    const { metrics } = await compareRuns(same, same, { qrels });
    for (const { difference, p, ties } of Object.values(metrics)) {
      expect([difference.mean, difference.low, difference.high, p, ties]).toEqual([0, 0, 0, 1, 4]);
    }
  });

  it("turns around when the runs are swapped; the interval holds the difference", async () => {
    const anyRun = fc
      .array(fc.constantFrom("a", "xa", "xya", "x", ""), { minLength: 4, maxLength: 4 })
      .map((rankings) => run(rankings));
    await fc.assert(
      fc.asyncProperty(anyRun, anyRun, async (one, two) => {
        const options = { qrels, metrics: ["ndcg@10", "recall@2"] as const, resamples: 300 };
        const there = await compareRuns(one, two, options);
        const back = await compareRuns(two, one, options);
        for (const name of options.metrics) {
          const [a, b] = [there.metrics[name]!, back.metrics[name]!];
          expect(a.difference.low).toBeLessThanOrEqual(a.difference.mean + 1e-12);
          expect(a.difference.high).toBeGreaterThanOrEqual(a.difference.mean - 1e-12);
          expect(b.difference.mean).toBeCloseTo(-a.difference.mean, 12);
          expect([b.wins, b.losses, b.p]).toEqual([a.losses, a.wins, a.p]);
          expect(a.p).toBeGreaterThan(0);
          expect(a.p).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("takes chance from where it is told, and refuses options that it does not have", async () => {
    const many = new Map(Array.from({ length: 40 }, (_, index) => [`q${index}`, new Map([["a", 1]])]));
    const one = new Map([...many.keys()].map((query, index) => [query, [..."xyza".slice(index % 4)]]));
    const two = new Map([...many.keys()].map((query, index) => [query, [..."xyza".slice(index % 3)]]));
    const compare = (seed: number) =>
      compareRuns(one, two, { qrels: many, resamples: 200, runtime: { random: seededRandom(seed) } });
    expect(await compare(1)).toEqual(await compare(1));
    expect((await compare(1)).metrics.mrr!.p).not.toBe((await compare(2)).metrics.mrr!.p);
    await expect(compareRuns(one, two, { qrels: many, seed: 1 } as never)).rejects.toThrow(/"seed" must be one of/);
  });
});

describe("compareEvaluations", () => {
  const evaluation = (values: Readonly<Record<string, number>>, metric = "mrr") => ({
    means: { [metric]: 0 },
    perQuery: new Map(Object.entries(values).map(([query, value]) => [query, { [metric]: value }])),
  });

  it("shows the times beside the quality where both were timed", async () => {
    const timed = (times: number[]) => ({ ...evaluation({ a: 1, b: 0 }), latency: latency(times) });
    const found = await compareEvaluations(timed([1, 2]), timed([3, 4]));
    expect([found.latency?.baseline.p50, found.latency?.contender.max]).toEqual([1, 4]);
  });

  it.each([
    [evaluation({ a: 1, c: 0 }), /same queries as the baseline/],
    [evaluation({ a: 1, b: 0, c: 0 }), /same queries/],
    [evaluation({ a: 1 }), /same queries/],
    [evaluation({ a: 1, b: 0 }, "map"), /same metrics/],
  ])("refuses what is not over the same", async (other, message) => {
    await expect(compareEvaluations(evaluation({ a: 1, b: 0 }), other)).rejects.toThrow(message);
  });

  it("refuses one query, of which there is no interval", async () => {
    await expect(compareEvaluations(evaluation({ a: 1 }), evaluation({ a: 0 }))).rejects.toMatchObject({
      code: "nothing-to-do",
    });
  });

  it("several contenders: p values are corrected for their number", async () => {
    const base = evaluation({ a: 0, b: 0, c: 0, d: 0 });
    const found = await compareMany(base, [
      { ...evaluation({ a: 1, b: 1, c: 1, d: 1 }), name: "all" }, // p = 2/16
      { ...evaluation({ a: 1, b: 1, c: 0, d: 0 }), name: "half" }, // p = 2/4
      { ...evaluation({ a: 0, b: 0, c: 0, d: 0 }), name: "none" }, // p = 1
    ]);
    expect(found.map(({ contender, metrics }) => [contender, metrics.mrr!.p])).toEqual([
      ["all", 0.125],
      ["half", 0.5],
      ["none", 1],
    ]);
    expect(found.map(({ corrected }) => corrected.mrr)).toEqual([0.375, 1, 1]);
    await expect(compareMany(base, [])).rejects.toMatchObject({ code: "invalid-option" });
  });
});

describe("holm", () => {
  it("by hand", () => {
    // sorted .01 .02 .03 .04 times 4 3 2 1: .04 .06 .06 .06
    expect(holm([0.04, 0.01, 0.03, 0.02]).map((p) => Number(p.toFixed(12)))).toEqual([0.06, 0.04, 0.06, 0.06]);
    expect(holm([])).toEqual([]);
    expect(() => holm([1.1])).toThrow(/numbers from 0 to 1/);
    expect(() => holm([Number.NaN])).toThrow(/numbers from 0 to 1/);
  });

  it("keeps the order of the p values, never lowers one, and stays below 1", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (pValues) => {
        const corrected = holm(pValues);
        for (const [index, p] of pValues.entries()) {
          expect(corrected[index]).toBeGreaterThanOrEqual(p);
          expect(corrected[index]).toBeLessThanOrEqual(1);
          for (const [other, q] of pValues.entries())
            if (p < q) expect(corrected[index]!).toBeLessThanOrEqual(corrected[other]!);
        }
      }),
    );
  });
});

describe("latency", () => {
  it("by nearest rank, by hand", () => {
    const times = Array.from({ length: 200 }, (_, index) => 200 - index);
    expect(latency(times)).toEqual({ p50: 100, p95: 190, p99: 198, mean: 100.5, max: 200, count: 200 });
    expect(latency([7])).toEqual({ p50: 7, p95: 7, p99: 7, mean: 7, max: 7, count: 1 });
    expect(() => latency([])).toThrow(expect.objectContaining({ code: "nothing-to-do" }));
  });
});
