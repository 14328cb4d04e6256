import type { Plan, SubQuestion } from "@clew/core";
import type { QuestionReading } from "./read-question.js";

const compares = /\b(?:or|both|and)\b/i;
const mostParts = 5;

/** Chooses the source of a sub-question; undefined for all. */
export type SourceOf = (question: string) => string | undefined;

/** What a plan is made of, beside the question. */
export interface PlanParts {
  readonly reading: QuestionReading;
  /** @default all sources */
  readonly sourceOf?: SourceOf | undefined;
  /** Further searches, such as those for the leaves of a form. @default none */
  readonly searches?: readonly string[] | undefined;
}

/** The question itself, for one that compares names a search for each of them with the words that are no names, and what else is searched for. */
export function extractivePlan(
  question: string,
  { reading, sourceOf = () => undefined, searches = [] }: PlanParts,
): Plan {
  const { runs, words, names } = reading;
  const part = (id: string, text: string): SubQuestion => {
    const source = sourceOf(text);
    return { id, question: text, dependsOn: [], ...(source === undefined ? {} : { source }) };
  };
  const whole = part("q1", question);
  const more = searches.map((search, index) => part(`f${index + 1}`, search));
  if (!compares.test(question) || runs.size < 2 || runs.size > mostParts) return { subQuestions: [whole, ...more] };
  const common = [...words].filter(([term]) => !names.has(term)).map(([, word]) => word);
  const parts = [...runs.values()].map((name, index) => part(`q${index + 2}`, [name, ...common].join(" ")));
  return { subQuestions: [whole, ...parts, ...more] };
}
