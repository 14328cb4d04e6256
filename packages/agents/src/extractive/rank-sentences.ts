import type { Evidence } from "@clew/core";
import { findMentions } from "@clew/core/text";
import { holdsAnswer } from "./answer-type.js";
import { type Lead, leadsAmong } from "./leads-among.js";
import type { Mentions } from "./mentions.js";
import type { PassageReading, SentenceReading } from "./read-evidence.js";
import type { QuestionReading } from "./read-question.js";
import { relationCues } from "./relation-cues.js";
import { termMasks } from "./term-masks.js";
import type { TermWeights } from "./term-weights.js";

/** What is known of a sentence as a part of an answer, each in [0, 1]. */
export interface SentenceFeatures {
  /** Question terms in its passage, title included. */
  readonly passageCover: number;
  /** Question terms in the sentence itself. */
  readonly cover: number;
  /** Question terms in the sentence, its title, and the best sentence that leads to it, together. */
  readonly pairCover: number;
  /** The question names the passage's title. */
  readonly titleAsked: number;
  /** How well the best sentence that mentions the passage's title covers the question. */
  readonly bridgedTo: number;
  /** A passage whose title the question names mentions the passage's title. */
  readonly nextToAsked: number;
  /** How well the best sentence that shares a name with it, which the question does not hold, covers the question. */
  readonly namedBy: number;
  /** It mentions the title of another passage. */
  readonly leadsOn: number;
  /** It opens its passage. */
  readonly first: number;
  /** 1 / (1 + its place in the passage). */
  readonly place: number;
  /** It holds something of the kind asked for. */
  readonly kind: number;
  /** Share of the relations asked for that it states. */
  readonly cue: number;
  readonly kindCue: number;
  readonly kindBridged: number;
  readonly cueBridged: number;
  readonly kindAsked: number;
  /** 1 / (place of its passage among what the first round found); 0 for later ones. */
  readonly rank: number;
  /** Found after the first round. */
  readonly later: number;
  /** Of a later one: 1 / (place of its query among those of its round). */
  readonly laterOrder: number;
  /** Of a later one: found in the second round. */
  readonly laterSecond: number;
  readonly laterCue: number;
  readonly laterPair: number;
  /** It holds a title that the question names. */
  readonly saysAsked: number;
  /** The same, where the question compares names. */
  readonly compared: number;
  /** How many of the searches found its passage: `ln(1 + found by) / ln(1 + searches that found anything)`. */
  readonly votes: number;
}

/** Names of the features, in the order in which they are summed. */
export type SentenceFeature = keyof SentenceFeatures;

/** A sentence of the evidence with its score. */
export interface RankedSentence {
  /** Index of its passage among the evidence. */
  readonly passage: number;
  readonly sentence: SentenceReading;
  /** Question terms in the sentence and the title of its passage. */
  readonly mask: number;
  readonly features: SentenceFeatures;
  readonly score: number;
}

/**
 * Fitted on gold answers among four quotes, by a softmax over sentences and then by search, for one and four rounds over linked
 * retrieval: 200 questions of hotpotqa, 160 of 2wiki and 98 of musique, none of them among those that `benchmarks/README.md`
 * reports (but for musique: see there). `votes`, `later`, and `fresh` and `leastCover` of `chooseQuotes`, were then set over
 * grids on all 404, 266 and 98 that are not; `scripts/fit-quotes.mjs` searches them. Rounded.
 */
export const featureWeights: Partial<SentenceFeatures> = {
  cover: 1.2,
  pairCover: 3.0,
  titleAsked: 0.4,
  bridgedTo: 0.3,
  nextToAsked: 1.6,
  namedBy: 0.1,
  leadsOn: 0.6,
  first: -0.3,
  place: 1.2,
  kind: 1.8,
  cue: 0.8,
  kindCue: 0.2,
  kindBridged: 0.3,
  cueBridged: 2.4,
  kindAsked: 0.4,
  rank: 0.3,
  later: -2.4,
  laterOrder: 0.1,
  laterSecond: 0.8,
  laterCue: 0.2,
  laterPair: -1.4,
  saysAsked: 0.6,
  compared: 2.4,
  votes: 1,
};

/** Options of {@link rankSentences}. */
export interface RankSentencesOptions {
  readonly question: QuestionReading;
  readonly weights: TermWeights;
  readonly mentions: Mentions;
  /** Where the passages come from, in their order. */
  readonly evidence: readonly Pick<Evidence, "hop" | "queries">[];
}

/** What a lead by a shared name counts of one by a title. */
const byNameAlone = 0.9;

/** Ranks every sentence of the evidence as a part of an answer, best first; ties in order of the evidence. */
export function rankSentences(
  passages: readonly PassageReading[],
  { question, weights, mentions, evidence }: RankSentencesOptions,
): RankedSentence[] {
  const masks = termMasks(weights);
  const titles = new Set(passages.flatMap(({ titleKeys }) => titleKeys));
  // by longest match, so that "For One Night Only" is not taken for "One Night Only"
  const asked = new Set([...findMentions(question.text, titles)].map(({ key }) => key));
  const isAsked = passages.map(({ titleKeys }) => titleKeys.some((key) => asked.has(key)));
  const askedKeys = [...question.runs.keys()];
  const isAskedName = (key: string): boolean => askedKeys.some((name) => name.includes(key) || key.includes(name));
  const cues = relationCues(question.text);
  const compares = question.runs.size > 1 && /\b(?:or|both)\b/i.test(question.text);
  const leads = leadsAmong(passages, { mentions, masks, isAsked, isAskedName });
  const searches = Math.log(1 + new Set(evidence.flatMap(({ queries }) => queries)).size);
  const rounds = new Map<number, string[]>();
  const orders = evidence.map(({ hop, queries: [query = ""] }) => {
    const round = rounds.get(hop) ?? [];
    if (!round.includes(query)) round.push(query);
    rounds.set(hop, round);
    return round.indexOf(query);
  });

  return passages
    .flatMap((passage, index) => {
      const passageCover = masks.cover(masks.of(passage.terms));
      const titleMask = masks.of(passage.titleTerms);
      const { hop } = evidence[index]!;
      const later = hop > 1 ? 1 : 0;
      const votes = searches === 0 ? 0 : Math.log(1 + new Set(evidence[index]!.queries).size) / searches;
      return passage.sentences.map((sentence, place): RankedSentence => {
        const mask = masks.of(sentence.terms);
        let newNames = 0;
        let namedBy = 0;
        const own = mask | titleMask;
        let pairCover = masks.cover(own);
        const join = (lead: Lead, factor: number): void => {
          pairCover = Math.max(pairCover, masks.cover(own | lead.mask) * factor);
        };
        for (const lead of leads.toPassage[index]!) join(lead, 1);
        for (const key of sentence.names.keys()) {
          if (isAskedName(key)) continue;
          if (!passage.titleKeys.includes(key)) newNames += 1;
          for (const lead of leads.byName.get(key) ?? []) {
            if (lead.passage === index) continue;
            namedBy = Math.max(namedBy, lead.worth);
            join(lead, byNameAlone);
          }
        }
        const bridgedTo = leads.toPassage[index]![0]?.worth ?? 0;
        const kind = holdsAnswer(question.type, sentence.text, newNames) ? 1 : 0;
        const cue = cues.length === 0 ? 0 : cues.filter(({ told }) => told.test(sentence.text)).length / cues.length;
        const titleAsked = isAsked[index] ? 1 : 0;
        const saysAsked = [...sentence.names.keys()].some(isAskedName) ? 1 : 0;
        const others = mentions[index]![place]!;
        const bridged = Math.max(bridgedTo, namedBy);
        const features: SentenceFeatures = {
          passageCover,
          cover: masks.cover(mask),
          pairCover,
          titleAsked,
          bridgedTo,
          nextToAsked: leads.nextToAsked[index] && !isAsked[index] ? 1 : 0,
          namedBy,
          leadsOn: others.some((other) => !isAsked[other]) ? 1 : 0,
          first: place === 0 ? 1 : 0,
          place: 1 / (1 + place),
          kind,
          cue,
          kindCue: kind * cue,
          kindBridged: kind * bridged,
          cueBridged: cue * bridged,
          kindAsked: kind * titleAsked,
          rank: later === 1 ? 0 : 1 / (index + 1),
          later,
          laterOrder: later / (1 + orders[index]!),
          laterSecond: hop === 2 ? 1 : 0,
          laterCue: later * cue,
          laterPair: later * pairCover,
          saysAsked,
          compared: compares ? saysAsked : 0,
          votes,
        };
        let score = 0;
        for (const [name, weight] of Object.entries(featureWeights))
          score += weight * features[name as SentenceFeature];
        return { passage: index, sentence, mask: own, features, score };
      });
    })
    .sort(byScore);
}

/** Best first; ties in order of the evidence. */
export const byScore = (a: RankedSentence, b: RankedSentence): number =>
  b.score - a.score || a.passage - b.passage || a.sentence.position - b.sentence.position;
