import type { PassageReading } from "./read-evidence.js";
import type { QuestionReading } from "./read-question.js";

/** How much a term of the question tells; above 0. */
export type TermWeights = ReadonlyMap<string, number>;

/** A name tells more than a common word that is as rare among the evidence. */
const nameFactor = 1.5;

/**
 * Weighs the terms of a question by their rarity among the evidence, as the corpus is out of sight:
 * `ln(1 + (N + 1) / (df + 1))` over the N passages gathered, names half as much again.
 */
export function termWeights(question: QuestionReading, passages: readonly PassageReading[]): TermWeights {
  return new Map(
    question.terms.map((term) => {
      const df = passages.filter(({ terms }) => terms.has(term)).length;
      const rarity = Math.log(1 + (passages.length + 1) / (df + 1));
      return [term, rarity * (question.names.has(term) ? nameFactor : 1)];
    }),
  );
}

/** Share of the question's weight that a set of terms holds, in [0, 1]. */
export function coverage(weights: TermWeights, held: (term: string) => boolean): number {
  let sum = 0;
  let all = 0;
  for (const [term, weight] of weights) {
    all += weight;
    if (held(term)) sum += weight;
  }
  return all === 0 ? 0 : sum / all;
}
