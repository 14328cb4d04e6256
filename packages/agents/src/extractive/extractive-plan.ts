import type { Plan } from "@clew/core";
import type { QuestionReading } from "./read-question.js";

const compares = /\b(?:or|both|and)\b/i;
const mostParts = 5;

/** The question itself, and for one that compares names a search for each of them with the words that are no names. */
export function extractivePlan(question: string, { runs, words, names }: QuestionReading): Plan {
  const whole = { id: "q1", question, dependsOn: [] };
  if (!compares.test(question) || runs.size < 2 || runs.size > mostParts) return { subQuestions: [whole] };
  const common = [...words].filter(([term]) => !names.has(term)).map(([, word]) => word);
  const parts = [...runs.values()].map((name, index) => ({
    id: `q${index + 2}`,
    question: [name, ...common].join(" "),
    dependsOn: [],
  }));
  return { subQuestions: [whole, ...parts] };
}
