import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { averagePrecision } from "./average-precision.js";
import { metric, metricDepth } from "./metric.js";
import { ndcg } from "./ndcg.js";
import { allEvidence, hitRate, precision, recall, rPrecision } from "./recall.js";
import { reciprocalRank } from "./reciprocal-rank.js";
import { shuffled } from "./shuffled.js";

const judged = new Map([
  ["a", 3],
  ["b", 2],
  ["c", 0],
  ["d", 1],
]);

describe("metrics", () => {
  it("ndcg, by hand", () => {
    // dcg = 2/log2(2) + 0 + 3/log2(4) = 3.5; ideal = 3 + 2/log2(3) + 1/log2(4) = 4.7618595
    expect(ndcg(["b", "c", "a"], judged, 3)).toBeCloseTo(3.5 / 4.7618595, 7);
    // the ideal is cut at k too: 2 / 3
    expect(ndcg(["b", "a"], judged, 1)).toBeCloseTo(2 / 3, 12);
    expect(ndcg(["x"], new Map([["a", 0]]), 10)).toBe(0);
  });

  it("recall, precision, hit rate and all evidence, by hand", () => {
    const ranking = ["x", "a", "c", "b", "d"];
    expect(recall(ranking, judged, 2)).toBeCloseTo(1 / 3, 12);
    expect(precision(ranking, judged, 4)).toBe(0.5);
    expect(precision(["a"], judged, 4)).toBe(0.25);
    expect([hitRate(ranking, judged, 1), hitRate(ranking, judged, 2)]).toEqual([0, 1]);
    expect([allEvidence(ranking, judged, 4), allEvidence(ranking, judged, 5)]).toEqual([0, 1]);
  });

  it("average precision and reciprocal rank, by hand", () => {
    // relevant at ranks 2 and 4 of 3 relevant: (1/2 + 2/4) / 3
    expect(averagePrecision(["x", "a", "c", "b"], judged)).toBeCloseTo(1 / 3, 12);
    expect(reciprocalRank(["x", "a"], judged)).toBe(0.5);
    expect(reciprocalRank(["x", "a"], judged, 1)).toBe(0);
    // cut at 3: (1/2) / 3; precision at 3 relevant: 1 of 3
    expect(averagePrecision(["x", "a", "c", "b"], judged, 3)).toBeCloseTo(1 / 6, 12);
    expect(rPrecision(["x", "a", "c", "b"], judged)).toBeCloseTo(1 / 3, 12);
  });

  it("a grade below 0 gains nothing and is not relevant; without a cut the whole ranking counts", () => {
    const grades = new Map([
      ["a", -2],
      ["b", 1],
    ]);
    expect(ndcg(["a", "b"], grades)).toBeCloseTo(1 / Math.log2(3), 12);
    expect([recall(["a"], grades, 1), averagePrecision(["a", "b"], grades)]).toEqual([0, 0.5]);
  });

  it("have their customary names", () => {
    const ranking = ["x", "a", "c", "b", "d"];
    expect(metric("ndcg@3")(ranking, judged)).toBe(ndcg(ranking, judged, 3));
    expect(metric("map@3")(ranking, judged)).toBe(averagePrecision(ranking, judged, 3));
    expect([metric("mrr")(ranking, judged), metric("mrr@1")(ranking, judged)]).toEqual([0.5, 0]);
    expect([metricDepth("all@5"), metricDepth("mrr"), metricDepth("map")]).toEqual([5, 100, undefined]);
    // mrr looks at the first hundred
    const far = [...Array.from({ length: 100 }, (_, index) => `x${index}`), "a"];
    expect([metric("mrr")(far, judged), metric("mrr@101")(far, judged)]).toEqual([0, 1 / 101]);
  });

  it("lie in [0, 1], and the ideal order has ndcg 1", () => {
    const anyJudged = fc
      .dictionary(fc.string(), fc.integer({ min: 0, max: 4 }))
      .map((grades) => new Map(Object.entries(grades)));
    fc.assert(
      fc.property(anyJudged, fc.uniqueArray(fc.string()), fc.integer({ min: 1, max: 20 }), (grades, ranking, k) => {
        for (const metric of [ndcg, recall, precision, hitRate, allEvidence]) {
          const value = metric(ranking, grades, k);
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1 + 1e-12);
        }
        const ideal = [...grades].sort((a, b) => b[1] - a[1]).map(([id]) => id);
        if ([...grades.values()].some((grade) => grade > 0)) expect(ndcg(ideal, grades, k)).toBeCloseTo(1, 12);
      }),
    );
  });
});

describe("shuffled", () => {
  it("is a permutation that depends on the seed alone", () => {
    const items = Array.from({ length: 50 }, (_, index) => index);
    expect(shuffled(items, 7)).toEqual(shuffled(items, 7));
    expect(shuffled(items, 7)).not.toEqual(shuffled(items, 8));
    expect(shuffled(items, 7).toSorted((a, b) => a - b)).toEqual(items);
  });
});
