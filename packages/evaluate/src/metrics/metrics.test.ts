import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { averagePrecision, reciprocalRank } from "./average-precision.js";
import { evaluateRun } from "./evaluate-run.js";
import { ndcg } from "./ndcg.js";
import { allEvidence, hitRate, precision, recall } from "./recall.js";

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

  it("means count a judged query without ranking as 0, and leave out queries without relevant documents", () => {
    const qrels = new Map([
      ["q1", new Map([["a", 1]])],
      ["q2", new Map([["b", 1]])],
      ["q3", new Map([["c", 0]])],
    ]);
    const { means, perQuery } = evaluateRun(new Map([["q1", ["a"]]]), qrels, ["recall@5", "mrr"]);
    expect(means).toEqual({ "recall@5": 0.5, mrr: 0.5 });
    expect([...perQuery.keys()]).toEqual(["q1", "q2"]);
    expect(() => evaluateRun(new Map(), qrels, ["bleu@4" as "ndcg@4"])).toThrowError(
      expect.objectContaining({ code: "invalid-option" }),
    );
  });
});
