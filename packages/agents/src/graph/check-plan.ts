import type { Plan, SourceDescription, SubQuestion } from "@clew/core";

/** Most sub-questions that a plan may have. */
export const maximumSubQuestions = 8;

/** A plan that can be carried out, and what had to be changed for it. */
export interface CheckedPlan {
  readonly plan: Plan;
  readonly problems: readonly string[];
}

/**
 * Makes a plan safe to carry out: ids distinct, dependencies known and without a cycle, at most eight sub-questions, at
 * least one (the question itself). What is to be looked for in a source that does not exist is looked for in all.
 */
export function checkPlan(plan: Plan, question: string, sources: readonly SourceDescription[] = []): CheckedPlan {
  const problems: string[] = [];
  const kept: SubQuestion[] = [];
  for (const part of plan.subQuestions) {
    if (part.question.trim() === "" || kept.some(({ id }) => id === part.id)) {
      problems.push(`the sub-question ${part.id} is empty or there twice`);
    } else if (kept.length === maximumSubQuestions) {
      problems.push(`the sub-question ${part.id} is more than ${maximumSubQuestions}`);
    } else if (part.source !== undefined && !sources.some(({ name }) => name === part.source)) {
      problems.push(`there is no source ${JSON.stringify(part.source.slice(0, 80))}; ${part.id} is asked everywhere`);
      kept.push({ id: part.id, question: part.question, dependsOn: part.dependsOn });
    } else kept.push(part);
  }
  if (kept.length === 0) {
    problems.push("there was no sub-question");
    kept.push({ id: "q1", question, dependsOn: [] });
  }
  const settled = new Set<string>();
  const ordered: SubQuestion[] = [];
  let waiting = kept;
  while (waiting.length > 0) {
    const ready = waiting.filter(({ dependsOn }) => dependsOn.every((id) => settled.has(id)));
    if (ready.length === 0) {
      const [first] = waiting;
      const known = first!.dependsOn.filter((id) => settled.has(id));
      problems.push(`the dependencies of ${first!.id} are unknown or go in a circle`);
      waiting = waiting.map((part) => (part === first ? { ...part, dependsOn: known } : part));
      continue;
    }
    for (const part of ready) {
      settled.add(part.id);
      ordered.push(part);
    }
    waiting = waiting.filter((part) => !ready.includes(part));
  }
  const position = new Map(kept.map(({ id }, index) => [id, index]));
  ordered.sort((a, b) => position.get(a.id)! - position.get(b.id)!);
  return { plan: { subQuestions: ordered }, problems };
}
