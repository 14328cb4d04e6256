import type { Mentions } from "./mentions.js";
import type { RankedSentence } from "./rank-sentences.js";
import { termMasks } from "./term-masks.js";
import type { TermWeights } from "./term-weights.js";

/** What counts, beside a sentence's own score, when sentences are chosen one after the other. */
interface ChoiceWeights {
  /** Share of the question that no chosen sentence covers and this one (with its title) does. */
  readonly fresh: number;
  /** A chosen sentence mentions the title of its passage. */
  readonly linked: number;
  /** A passage that is quoted mentions the title of its passage. */
  readonly linkedPassage: number;
  /** Share of its terms that a chosen sentence has too: taken off. */
  readonly sameTerms: number;
  /**
   * Share of the question that a passage must hold to be quoted, unless a chosen sentence leads to it: filling the answer up
   * with what merely came along helps nobody.
   */
  readonly leastCover: number;
}

/** Fitted with the feature weights of `rankSentences`. */
export const choiceWeights: ChoiceWeights = {
  fresh: 4,
  linked: 0.3,
  linkedPassage: 0.1,
  sameTerms: 1.1,
  // low: the far end of a chain and the passages of a long question hold little of it
  leastCover: 0.05,
};

/** How many of the best sentences are looked at. */
const considered = 60;

/** Options of {@link chooseQuotes}. */
export interface ChooseQuotesOptions {
  readonly weights: TermWeights;
  readonly mentions: Mentions;
  /** How many at most. */
  readonly count: number;
  /** @default those that were fitted */
  readonly choice?: ChoiceWeights | undefined;
}

/**
 * Chooses sentences one after the other: by their own score, by what of the question they add to those chosen before, and
 * by the links that lead from these to them, so that the second step of a chain is heard though it shares few words with
 * the question.
 *
 * @see Carbonell and Goldstein, "The use of MMR", SIGIR 1998, for the part that counts against repetition
 */
export function chooseQuotes(
  ranked: readonly RankedSentence[],
  { weights, mentions, count, choice = choiceWeights }: ChooseQuotesOptions,
): RankedSentence[] {
  const masks = termMasks(weights);
  const chosen: RankedSentence[] = [];
  let left = ranked.slice(0, considered);
  let covered = 0;
  const linked = new Set<number>();
  const linkedPassages = new Set<number>();

  const gainOf = ({ score, passage, sentence, mask }: RankedSentence): number => {
    let shared = 0;
    for (const other of chosen) shared = Math.max(shared, overlap(sentence.terms, other.sentence.terms));
    return (
      score +
      choice.fresh * masks.cover(mask & ~covered) +
      (linked.has(passage) ? choice.linked : 0) +
      (linkedPassages.has(passage) ? choice.linkedPassage : 0) -
      choice.sameTerms * shared
    );
  };

  while (chosen.length < count && left.length > 0) {
    let best = -1;
    let bestGain = Number.NEGATIVE_INFINITY;
    for (const [index, candidate] of left.entries()) {
      if (candidate.features.passageCover < choice.leastCover && !linked.has(candidate.passage)) continue;
      const gain = gainOf(candidate);
      if (gain > bestGain) {
        bestGain = gain;
        best = index;
      }
    }
    if (best < 0) break;
    const next = left[best]!;
    // passages overlap: the same sentence from another of them says nothing more
    left = left.filter(({ sentence }) => sentence.text !== next.sentence.text);
    chosen.push(next);
    const places = mentions[next.passage]!;
    for (const other of places[next.sentence.position]!) linked.add(other);
    for (const others of places) for (const other of others) linkedPassages.add(other);
    covered |= next.mask;
  }
  return chosen;
}

/** Share of the smaller set that both hold. */
function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const term of a) if (b.has(term)) shared += 1;
  return shared / Math.max(1, Math.min(a.size, b.size));
}
