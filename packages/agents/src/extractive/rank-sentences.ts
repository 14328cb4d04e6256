import type { Evidence } from "@clew/core";
import { findMentions } from "@clew/core/text";
import { holdsAnswer } from "./answer-type.js";
import type { Mentions } from "./mentions.js";
import type { PassageReading, SentenceReading } from "./read-evidence.js";
import type { QuestionReading } from "./read-question.js";
import { relationCues } from "./relation-cues.js";
import { type TermMasks, termMasks } from "./term-masks.js";
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
  readonly cueAsked: number;
  /** 1 / (place of its passage among the evidence). */
  readonly rank: number;
  /** 1 / (place of its passage by its best score). */
  readonly scoreRank: number;
  /** Queries that found its passage beyond the first, up to three. */
  readonly queries: number;
  /** Found after the first round. */
  readonly later: number;
  /** It holds a title that the question names. */
  readonly saysAsked: number;
  /** The same, where the question compares names. */
  readonly compared: number;
  /** Logarithm of its length, against forty terms. */
  readonly length: number;
}

/** Names of the features, in the order in which they are summed. */
export type SentenceFeature = keyof SentenceFeatures;

/** A sentence of the evidence with its score. */
export interface RankedSentence {
  /** Index of its passage among the evidence. */
  readonly passage: number;
  readonly sentence: SentenceReading;
  readonly features: SentenceFeatures;
  readonly score: number;
}

const featureWeights: Readonly<Record<SentenceFeature, number>> = {
  passageCover: 0.5,
  cover: 0,
  pairCover: 0,
  titleAsked: 0.15,
  bridgedTo: 0.6,
  nextToAsked: 0,
  namedBy: 0,
  leadsOn: 0,
  first: 0.2,
  place: 0,
  kind: 0.2,
  cue: 0,
  kindCue: 0,
  kindBridged: 0,
  cueBridged: 0,
  kindAsked: 0,
  cueAsked: 0,
  rank: 0.3,
  scoreRank: 0,
  queries: 0,
  later: 0,
  saysAsked: 0,
  compared: 0,
  length: 0,
};

/** Options of {@link rankSentences}. */
export interface RankSentencesOptions {
  readonly question: QuestionReading;
  readonly weights: TermWeights;
  readonly mentions: Mentions;
  /** Where the passages come from, in their order. */
  readonly evidence: readonly Pick<Evidence, "score" | "hop" | "queries">[];
}

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
  const byScore = evidence
    .map(({ score }, index) => ({ score, index }))
    .sort((a, b) => b.score - a.score || a.index - b.index);
  const scoreRanks = new Map(byScore.map(({ index }, rank) => [index, rank]));

  return passages
    .flatMap((passage, index) => {
      const passageCover = masks.cover(masks.of(passage.terms));
      const titleMask = masks.of(passage.titleTerms);
      const { queries, hop } = evidence[index]!;
      return passage.sentences.map((sentence, place): RankedSentence => {
        const mask = masks.of(sentence.terms);
        let newNames = 0;
        let namedBy = 0;
        let pair = mask | titleMask;
        let pairCover = masks.cover(pair);
        const own = pair;
        const consider = (lead: Lead, factor: number): void => {
          if (lead.passage === index) return;
          const together = masks.cover(own | lead.mask) * factor;
          if (together > pairCover) {
            pairCover = together;
            pair = own | lead.mask;
          }
        };
        for (const lead of leads.toPassage[index]!) consider(lead, 1);
        for (const key of sentence.names.keys()) {
          if (isAskedName(key)) continue;
          if (!passage.titleKeys.includes(key)) newNames += 1;
          for (const lead of leads.byName.get(key) ?? []) {
            if (lead.passage === index) continue;
            namedBy = Math.max(namedBy, lead.worth);
            consider(lead, 0.9);
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
          cueAsked: cue * titleAsked,
          rank: 1 / (index + 1),
          scoreRank: 1 / (1 + scoreRanks.get(index)!),
          queries: Math.min(3, queries.length - 1) / 3,
          later: hop > 1 ? 1 : 0,
          saysAsked,
          compared: compares ? saysAsked : 0,
          length: Math.min(1, Math.log(1 + sentence.terms.size) / Math.log(41)),
        };
        let score = 0;
        for (const [name, weight] of Object.entries(featureWeights))
          score += weight * features[name as SentenceFeature];
        return { passage: index, sentence, features, score };
      });
    })
    .sort((a, b) => b.score - a.score || a.passage - b.passage || a.sentence.position - b.sentence.position);
}

/** A sentence that leads somewhere. */
interface Lead {
  readonly passage: number;
  /** Question terms in it and in its title. */
  readonly mask: number;
  /** How well it covers the question, in [0, 1]; times the rarity of the name where a name leads on. */
  readonly worth: number;
}

interface Leads {
  /** Best sentences of other passages that mention each passage's title, best first. */
  readonly toPassage: readonly (readonly Lead[])[];
  /** Best sentences that hold a name which the question does not hold, best first. */
  readonly byName: ReadonlyMap<string, readonly Lead[]>;
  readonly nextToAsked: readonly boolean[];
}

const keptLeads = 3;

function leadsAmong(
  passages: readonly PassageReading[],
  {
    mentions,
    masks,
    isAsked,
    isAskedName,
  }: { mentions: Mentions; masks: TermMasks; isAsked: readonly boolean[]; isAskedName: (key: string) => boolean },
): Leads {
  const toPassage: Lead[][] = passages.map(() => []);
  const byName = new Map<string, Lead[]>();
  const nextToAsked = passages.map(() => false);
  for (const [index, { sentences, titleTerms, terms }] of passages.entries()) {
    const titleMask = masks.of(titleTerms);
    const whole = masks.cover(masks.of(terms));
    for (const [place, { names, terms: own }] of sentences.entries()) {
      const mask = masks.of(own) | titleMask;
      const worth = (masks.cover(mask) + whole) / 2;
      const lead = { passage: index, mask, worth };
      for (const other of mentions[index]![place]!) {
        toPassage[other]!.push(lead);
        if (isAsked[index]) nextToAsked[other] = true;
      }
      for (const key of names.keys()) {
        if (isAskedName(key)) continue;
        const known = byName.get(key);
        if (known === undefined) byName.set(key, [lead]);
        else known.push(lead);
      }
    }
  }
  const best = (leads: readonly Lead[]): Lead[] =>
    [...leads].sort((a, b) => b.worth - a.worth || a.passage - b.passage).slice(0, keptLeads);
  const named = new Map<string, readonly Lead[]>();
  for (const [key, leads] of byName) {
    const holders = new Set(leads.map(({ passage }) => passage)).size;
    if (holders < 2) continue;
    const rarity = Math.sqrt(2 / (holders + 1));
    named.set(
      key,
      best(leads).map((lead) => ({ ...lead, worth: lead.worth * rarity })),
    );
  }
  return { toPassage: toPassage.map(best), byName: named, nextToAsked };
}
