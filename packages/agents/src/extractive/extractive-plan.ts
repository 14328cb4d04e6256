import type { Plan, SubQuestion } from "@clew/core";
import type { QuestionReading } from "./read-question.js";

const compares = /\b(?:or|both|and)\b/i;
const mostParts = 5;

/** Chooses the source of a sub-question; undefined for all. */
export type SourceOf = (question: string) => string | undefined;

/** The question itself, and for one that compares names a search for each of them with the words that are no names. */
export function extractivePlan(question: string, reading: QuestionReading, sourceOf: SourceOf = () => undefined): Plan {
  const { runs, words, names } = reading;
  const part = (id: string, text: string): SubQuestion => {
    const source = sourceOf(text);
    return { id, question: text, dependsOn: [], ...(source === undefined ? {} : { source }) };
  };
  const whole = part("q1", question);
  if (!compares.test(question) || runs.size < 2 || runs.size > mostParts) return { subQuestions: [whole] };
  const common = [...words].filter(([term]) => !names.has(term)).map(([, word]) => word);
  const parts = [...runs.values()].map((name, index) => part(`q${index + 2}`, [name, ...common].join(" ")));
  return { subQuestions: [whole, ...parts] };
}
