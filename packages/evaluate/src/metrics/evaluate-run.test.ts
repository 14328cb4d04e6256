import { expect, it } from "vitest";
import { evaluateRun } from "./evaluate-run.js";

const qrels = new Map([
  ["q1", new Map([["a", 1]])],
  ["q2", new Map([["b", 1]])],
  ["q3", new Map([["c", 0]])],
]);

it("means count a judged query without ranking as 0, and leave out queries without relevant documents", () => {
  const run = new Map([
    ["q1", ["a"]],
    ["q9", ["a"]],
  ]);
  const { means, perQuery, missing, unjudged } = evaluateRun(run, qrels, ["recall@5", "mrr"]);
  expect(means).toEqual({ "recall@5": 0.5, mrr: 0.5 });
  expect([...perQuery.keys()]).toEqual(["q1", "q2"]);
  expect([missing, unjudged]).toEqual([["q2"], ["q9"]]);
});

it.each(["bleu@4", "ndcg@0", "ndcg@1.5", "recall", "recall@", "mrr@x", "rprecision@3", "toString", "ndcg@1e1"])(
  "refuses the metric %s",
  (name) => {
    expect(() => evaluateRun(new Map(), qrels, [name as "mrr"])).toThrowError(
      expect.objectContaining({ code: "invalid-option" }),
    );
  },
);

it("refuses a ranking that names a document twice, and judgements that ask for nothing", () => {
  expect(() => evaluateRun(new Map([["q1", ["a", "a"]]]), qrels, ["mrr"])).toThrowError(/query q1 has one twice/);
  expect(() => evaluateRun(new Map(), new Map([["q3", new Map([["c", 0]])]]), ["mrr"])).toThrowError(
    expect.objectContaining({ code: "nothing-to-do" }),
  );
});
