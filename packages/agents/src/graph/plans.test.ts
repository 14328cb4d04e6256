import type { SubQuestion } from "@clew/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkPlan, maximumSubQuestions } from "./check-plan.js";
import { readyQueries } from "./ready-queries.js";

const part = (id: string, dependsOn: string[] = [], question = `What is ${id}?`): SubQuestion => ({
  id,
  question,
  dependsOn,
});

describe("checkPlan", () => {
  it("leaves a good plan as it is", () => {
    const plan = { subQuestions: [part("q1"), part("q2", ["q1"])] };
    expect(checkPlan(plan, "?")).toEqual({ plan, problems: [] });
  });

  it("asks the question itself when nothing is planned", () => {
    expect(checkPlan({ subQuestions: [] }, "Who?").plan.subQuestions).toEqual([
      { id: "q1", question: "Who?", dependsOn: [] },
    ]);
  });

  it("makes of any plan one that can be carried out", () => {
    const ids = fc.constantFrom(..."abcdefghijkl".split(""));
    const parts = fc.record({ id: ids, question: fc.string(), dependsOn: fc.array(ids) });
    fc.assert(
      fc.property(fc.array(parts), (subQuestions) => {
        const { plan } = checkPlan({ subQuestions }, "Who?");
        expect(plan.subQuestions.length).toBeGreaterThan(0);
        expect(plan.subQuestions.length).toBeLessThanOrEqual(maximumSubQuestions);
        const done = new Set<string>();
        for (let left = plan.subQuestions; left.length > 0; left = left.filter(({ id }) => !done.has(id))) {
          const ready = left.filter(({ dependsOn }) => dependsOn.every((id) => done.has(id)));
          expect(ready.length).toBeGreaterThan(0);
          for (const { id } of ready) done.add(id);
        }
      }),
    );
  });
});

describe("readyQueries", () => {
  const plan = { subQuestions: [part("q1"), part("q2", ["q1"], "When was {q1} born, or {q7}?"), part("q3")] };

  it("asks first what depends on nothing", () => {
    expect(readyQueries(plan, [], new Set()).map(({ subQuestion }) => subQuestion)).toEqual(["q1", "q3"]);
  });

  it("then what depends on answers, with these put in byte for byte", () => {
    const grades = [{ subQuestion: "q1", kind: "answered" as const, evidence: [], answer: "$& Orange" }];
    expect(readyQueries(plan, grades, new Set(["q1", "q3"]))).toEqual([
      { subQuestion: "q2", query: "When was $& Orange born, or {q7}?", why: "follows from q1" },
    ]);
  });

  it("asks what is stuck as it stands, once nothing else can be tried", () => {
    const lost = { subQuestion: "q1", kind: "missing" as const, missing: "it" };
    const asked = new Set(["q1", "q3"]);
    expect(readyQueries(plan, [lost], asked).map(({ subQuestion }) => subQuestion)).toEqual(["q2"]);
    const trying = { ...lost, next: { query: "x", why: "y" } };
    expect(readyQueries(plan, [trying], asked)).toEqual([]);
  });
});
