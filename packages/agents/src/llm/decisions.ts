import type { EvidenceId, Grade, Plan, PolicyState } from "@clew/core";
import type { z } from "zod/v4";
import { type SaidRoute, saidRoute } from "./said-route.js";
import type { GraderAnswer, PlannerAnswer, routerSchema } from "./schemas.js";

/** A router's answer as a route; undefined when it lacks what its kind needs. */
export function routeFrom(
  { kind, question, text, why }: z.infer<typeof routerSchema>,
  state: PolicyState,
): SaidRoute | undefined {
  if (kind === "retrieve") return { route: { kind, question: question?.trim() || state.question, why } };
  const said = text?.trim() ?? "";
  return said === "" && kind !== "decline" ? undefined : saidRoute({ kind, text: said, why }, state);
}

/** A planner's answer as a plan with ids `q1`, `q2`, …; undefined when it plans nothing. */
export function planFrom({ subQuestions }: PlannerAnswer): Plan | undefined {
  const parts = subQuestions.filter(({ question }) => question.trim() !== "");
  if (parts.length === 0) return undefined;
  const ids = new Map(parts.map(({ id }, index) => [id, `q${index + 1}`]));
  return {
    subQuestions: parts.map(({ question, dependsOn, source }, index) => ({
      id: `q${index + 1}`,
      ...(source == null ? {} : { source }),
      question: question
        .trim()
        .replace(/\{([^{}]{1,40})\}/g, (whole, name: string) => (ids.has(name) ? `{${ids.get(name)}}` : whole)),
      // what comes later cannot be waited for
      dependsOn: [...new Set(dependsOn)].flatMap((id) => {
        const known = ids.get(id);
        return known !== undefined && Number(known.slice(1)) <= index ? [known] : [];
      }),
    })),
  };
}

/** A grader's answer, one grade for each sub-question of the plan; nothing is answered by evidence that does not exist. */
export function gradesFrom({ grades }: GraderAnswer, { plan, evidence }: PolicyState): Grade[] {
  const known = new Map<string, EvidenceId>(evidence.map(({ id }) => [id, id]));
  return plan.subQuestions.map(({ id, source: own }): Grade => {
    const grade = grades.find((one) => one.id === id);
    if (grade === undefined) return { subQuestion: id, kind: "missing", missing: "it was not graded" };
    const held = [...new Set(grade.evidence)].flatMap((one) => known.get(one) ?? []);
    if (grade.answered && held.length > 0) {
      const answer = grade.answer?.trim() ?? "";
      return { subQuestion: id, kind: "answered", evidence: held, ...(answer === "" ? {} : { answer }) };
    }
    const query = grade.query?.trim() ?? "";
    const missing = grade.missing?.trim() || "evidence that states the answer";
    if (query === "") return { subQuestion: id, kind: "missing", missing };
    const source = grade.source ?? own;
    const next = { query, why: missing, ...(source === undefined ? {} : { source }) };
    return { subQuestion: id, kind: "missing", missing, next };
  });
}
