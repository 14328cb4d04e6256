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
  /** The most that one passage quoted holds. */
  readonly passage: number;
  /** A quote holds something of the kind asked for. */
  readonly kind: number;
  /** The most of the relations asked for that one quote states. */
  readonly cue: number;
  /** The question names the title of a passage quoted. */
  readonly titled: number;
  /** Share of the quotes that lie in passages which other quotes, or the question, lead to. */
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
    passage: most(({ features }) => features.passageCover),
    kind: most(({ features }) => features.kind),
    cue: most(({ features }) => features.cue),
    titled: most(({ features }) => features.titleAsked),
    joined: joined / Math.max(1, chosen.length),
  };
}

const confidenceWeights: ConfidenceFeatures = {
  covered: 5,
  names: 2,
  chain: 0,
  passage: 0,
  kind: 0,
  cue: 0,
  titled: 0,
  joined: 0,
};
const bias = -4;

/** How sure quotes answer the question, in [0, 1]: `1 / (1 + exp(−(bias + Σ weight · feature)))`; 0 without quotes. */
export function confidenceOf(features: ConfidenceFeatures): number {
  if (features.covered === 0) return 0;
  let sum = bias;
  for (const [name, weight] of Object.entries(confidenceWeights))
    sum += weight * features[name as keyof ConfidenceFeatures];
  return 1 / (1 + Math.exp(-sum));
}
