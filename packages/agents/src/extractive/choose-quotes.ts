import type { Mentions } from "./mentions.js";
import type { RankedSentence } from "./rank-sentences.js";
import type { PassageReading } from "./read-evidence.js";
import type { TermWeights } from "./term-weights.js";

/** What counts, beside a sentence's own score, when sentences are chosen one after the other. */
interface ChoiceWeights {
  /** Share of the question that no chosen sentence covers and this one (with its title) does. */
  readonly fresh: number;
  /** The same, of its passage. */
  readonly freshPassage: number;
  /** A chosen sentence mentions the title of its passage. */
  readonly linked: number;
  /** A passage that is quoted mentions the title of its passage. */
  readonly linkedPassage: number;
  /** Quotes of its passage beyond the first: taken off for each. */
  readonly crowd: number;
  /** Share of its terms that a chosen sentence has too: taken off. */
  readonly sameTerms: number;
}

/** Fitted with the feature weights of `rankSentences`. */
const choice: ChoiceWeights = {
  fresh: 3,
  freshPassage: 0.4,
  linked: 0.2,
  linkedPassage: 0.1,
  crowd: 0.4,
  sameTerms: 0.1,
};

/**
 * Share of the question that a passage must hold to be quoted, unless a chosen sentence leads to it: filling the answer up
 * with what merely came along helps nobody.
 */
const leastCover = 0.2;

/** How many of the best sentences are looked at. */
const considered = 80;

/** Options of {@link chooseQuotes}. */
export interface ChooseQuotesOptions {
  readonly passages: readonly PassageReading[];
  readonly weights: TermWeights;
  readonly mentions: Mentions;
  /** How many at most. */
  readonly count: number;
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
  { passages, weights, mentions, count }: ChooseQuotesOptions,
): RankedSentence[] {
  const chosen: RankedSentence[] = [];
  let left = ranked.slice(0, considered);
  const open = new Map(weights);
  let all = 0;
  for (const weight of weights.values()) all += weight;
  const quoted = new Map<number, number>();
  const linked = new Set<number>();
  const linkedPassages = new Set<number>();

  const gainOf = ({ score, passage, sentence }: RankedSentence): number => {
    const { titleTerms, terms } = passages[passage]!;
    let fresh = 0;
    for (const [term, weight] of open) {
      if (sentence.terms.has(term) || titleTerms.has(term)) fresh += choice.fresh * weight;
      if (terms.has(term)) fresh += choice.freshPassage * weight;
    }
    let shared = 0;
    for (const other of chosen) shared = Math.max(shared, overlap(sentence.terms, other.sentence.terms));
    return (
      score +
      (all === 0 ? 0 : fresh / all) +
      (linked.has(passage) ? choice.linked : 0) +
      (linkedPassages.has(passage) ? choice.linkedPassage : 0) -
      choice.crowd * Math.max(0, (quoted.get(passage) ?? 0) - 1) -
      choice.sameTerms * shared
    );
  };

  while (chosen.length < count && left.length > 0) {
    let best = -1;
    let bestGain = Number.NEGATIVE_INFINITY;
    for (const [index, candidate] of left.entries()) {
      if (candidate.features.passageCover < leastCover && !linked.has(candidate.passage)) continue;
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
    quoted.set(next.passage, (quoted.get(next.passage) ?? 0) + 1);
    const places = mentions[next.passage]!;
    for (const other of places[next.sentence.position]!) linked.add(other);
    for (const others of places) for (const other of others) linkedPassages.add(other);
    for (const term of weights.keys()) {
      if (next.sentence.terms.has(term) || passages[next.passage]!.titleTerms.has(term)) open.delete(term);
    }
  }
  return chosen;
}

/** Share of the smaller set that both hold. */
function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const term of a) if (b.has(term)) shared += 1;
  return shared / Math.max(1, Math.min(a.size, b.size));
}
