import { evaluateRun } from "@clew/evaluate";
import { expect, it } from "vitest";

it("runs the example of the README", () => {
  const qrels = new Map([
    [
      "q1",
      new Map([
        ["d1", 2],
        ["d2", 1],
      ]),
    ],
  ]);
  const run = new Map([["q1", ["d2", "d3", "d1"]]]);
  const { means, perQuery } = evaluateRun(run, qrels, ["ndcg@10", "recall@2", "all@5", "mrr", "map"]);

  expect(perQuery.size).toBe(1);
  expect(means).toMatchObject({ "recall@2": 0.5, "all@5": 1, mrr: 1 });
  expect(means.map).toBeCloseTo((1 + 2 / 3) / 2, 12);
  // (1/log2(2) + 2/log2(4)) / (2/log2(2) + 1/log2(3))
  expect(means["ndcg@10"]).toBeCloseTo(2 / (2 + 1 / Math.log2(3)), 12);
});
