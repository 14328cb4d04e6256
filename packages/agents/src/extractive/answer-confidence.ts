import type { RankedSentence } from "./rank-sentences.js";
import type { PassageReading } from "./read-evidence.js";
import type { QuestionReading } from "./read-question.js";
import { coverage, type TermWeights } from "./term-weights.js";

/** What tells whether quotes answer a question, each in [0, 1]. */
export interface ConfidenceFeatures {
  /** Share of the question's weight that the quotes and their titles hold. */
  readonly covered: number;
  /** The same, of the names in the question alone; 1 where it names nothing. */
  readonly names: number;
  /** The most that one quote holds, with its title and the sentence that leads to it. */
  readonly chain: number;
  /** The question names the title of a passage quoted. */
  readonly titled: number;
  /** Share of the quotes from passages whose title the question names, or that such a passage mentions. */
  readonly joined: number;
}

/** Reads the features off the quotes chosen; all 0 where there are none. */
export function confidenceFeatures(
  chosen: readonly RankedSentence[],
  {
    question,
    weights,
    passages,
  }: { question: QuestionReading; weights: TermWeights; passages: readonly PassageReading[] },
): ConfidenceFeatures {
  const held = (term: string): boolean =>
    chosen.some(({ passage, sentence }) => sentence.terms.has(term) || passages[passage]!.titleTerms.has(term));
  const most = (of: (one: RankedSentence) => number): number =>
    chosen.reduce((best, one) => Math.max(best, of(one)), 0);
  const named = new Map([...weights].filter(([term]) => question.names.has(term)));
  const joined = chosen.filter(({ features }) => features.titleAsked > 0 || features.nextToAsked > 0).length;
  return {
    covered: coverage(weights, held),
    names: chosen.length === 0 ? 0 : named.size === 0 ? 1 : coverage(named, held),
    chain: most(({ features }) => features.pairCover),
    titled: most(({ features }) => features.titleAsked),
    joined: joined / Math.max(1, chosen.length),
  };
}

/**
 * Fitted by logistic regression (weights of 0 or more) on whether the quotes hold the gold answer: 458 questions of hotpotqa,
 * 2wiki and musique, each with its evidence and again without its gold passages, one half of the questions; rounded. So half of
 * the questions that it was fitted on had no answer. The evidence was that of four rounds for a part of the questions only, of one
 * for the others. `docs/abstention.md` reports others.
 */
const confidenceWeights: ConfidenceFeatures = { covered: 2, names: 1.3, chain: 2.2, titled: 0.7, joined: 1.7 };
const bias = -5.4;

/** How sure quotes answer the question, in [0, 1]: `1 / (1 + exp(−(bias + Σ weight · feature)))`; 0 without quotes. */
export function confidenceOf(features: ConfidenceFeatures): number {
  if (features.covered === 0) return 0;
  let sum = bias;
  for (const [name, weight] of Object.entries(confidenceWeights))
    sum += weight * features[name as keyof ConfidenceFeatures];
  return 1 / (1 + Math.exp(-sum));
}
