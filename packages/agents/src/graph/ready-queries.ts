import type { Grade, Plan } from "@clew/core";
import type { WantedQuery } from "./in-sources.js";

/** An earlier answer's place in the text of a later sub-question: `{q1}`. */
const placeholder = /\{(q\d+)\}/g;

/**
 * Searches for the sub-questions that were never asked and whose dependencies are answered. When none is ready, because
 * a dependency cannot be answered, the first that waits is asked as it stands. `{q1}` in a question is replaced by the
 * answer that q1 got.
 */
export function readyQueries(plan: Plan, grades: readonly Grade[], asked: ReadonlySet<string>): WantedQuery[] {
  const answers = new Map<string, string>();
  const answered = new Set<string>();
  const tryable = new Set<string>();
  for (const grade of grades) {
    if (grade.kind === "answered") {
      answered.add(grade.subQuestion);
      if (grade.answer !== undefined) answers.set(grade.subQuestion, grade.answer);
    } else if (grade.next !== undefined) tryable.add(grade.subQuestion);
  }
  const waiting = plan.subQuestions.filter(({ id }) => !asked.has(id) && !answered.has(id));
  const ready = waiting.filter(({ dependsOn }) => dependsOn.every((id) => answered.has(id)));
  const stuck = ready.length === 0 && tryable.size === 0 ? waiting.slice(0, 1) : ready;
  return stuck.map(({ id, question, dependsOn, source }) => ({
    subQuestion: id,
    ...(source === undefined ? {} : { source }),
    query: question.replace(
      placeholder,
      (whole, name: string) => answers.get(name) ?? (answered.has(name) ? "" : whole),
    ),
    why: reason(id, dependsOn),
  }));
}

function reason(id: string, dependsOn: readonly string[]): string {
  if (dependsOn.length > 0) return `follows from ${dependsOn.join(", ")}`;
  return id === "q1" ? "as asked" : "a part of the question";
}
