import { findMentions } from "@clew/core/text";
import { holdsAnswer } from "./answer-type.js";
import type { Mentions } from "./mentions.js";
import type { PassageReading, SentenceReading } from "./read-evidence.js";
import type { QuestionReading } from "./read-question.js";
import { coverage, type TermWeights } from "./term-weights.js";

/** What is known of a sentence as a part of an answer, each in [0, 1]. */
export interface SentenceFeatures {
  /** Question terms in its passage, title included. */
  readonly passageCover: number;
  /** The question names the passage's title. */
  readonly titleAsked: number;
  /** The passage's title stands in a sentence of another passage: how well that covers the question. */
  readonly bridgedTo: number;
  /** It opens its passage. */
  readonly first: number;
  /** It holds something of the kind asked for. */
  readonly kind: number;
  /** 1 / (place of its passage among the evidence). */
  readonly rank: number;
}

/** A sentence of the evidence with its score. */
export interface RankedSentence {
  /** Index of its passage among the evidence. */
  readonly passage: number;
  readonly sentence: SentenceReading;
  readonly features: SentenceFeatures;
  readonly score: number;
}

/** Fitted on one random half of the HotpotQA questions at hand, and rounded. */
const featureWeights: SentenceFeatures = {
  passageCover: 0.5,
  titleAsked: 0.15,
  bridgedTo: 0.6,
  first: 0.2,
  kind: 0.2,
  rank: 0.3,
};

/** Options of {@link rankSentences}. */
export interface RankSentencesOptions {
  readonly question: QuestionReading;
  readonly weights: TermWeights;
  readonly mentions: Mentions;
}

/** Ranks every sentence of the evidence as a part of an answer, best first; ties in order of the evidence. */
export function rankSentences(
  passages: readonly PassageReading[],
  { question, weights, mentions }: RankSentencesOptions,
): RankedSentence[] {
  const covers = passages.map(({ sentences }) =>
    sentences.map(({ terms }) => coverage(weights, (term) => terms.has(term))),
  );
  const passageCovers = passages.map(({ terms }) => coverage(weights, (term) => terms.has(term)));
  const askedKeys = [...question.runs.keys()];
  // by longest match, so that "For One Night Only" is not taken for "One Night Only"
  const titles = new Set(passages.flatMap(({ titleKeys }) => titleKeys));
  const asked = new Set([...findMentions(question.text, titles)].map(({ key }) => key));
  // how good the best sentence is that leads to each passage
  const leads = passages.map(() => 0);
  for (const [index, places] of mentions.entries()) {
    for (const [place, others] of places.entries()) {
      const worth = (covers[index]![place]! + passageCovers[index]!) / 2;
      for (const other of others) leads[other] = Math.max(leads[other]!, worth);
    }
  }
  return passages
    .flatMap((passage, index) => {
      const titleAsked = passage.titleKeys.some((key) => asked.has(key)) ? 1 : 0;
      return passage.sentences.map((sentence, place): RankedSentence => {
        let newNames = 0;
        for (const key of sentence.names.keys()) {
          if (!passage.titleKeys.includes(key) && !askedKeys.some((name) => name.includes(key) || key.includes(name)))
            newNames += 1;
        }
        const found: SentenceFeatures = {
          passageCover: passageCovers[index]!,
          titleAsked,
          bridgedTo: leads[index]!,
          first: place === 0 ? 1 : 0,
          kind: holdsAnswer(question.type, sentence.text, newNames) ? 1 : 0,
          rank: 1 / (index + 1),
        };
        let score = 0;
        for (const [name, value] of Object.entries(found))
          score += featureWeights[name as keyof SentenceFeatures] * value;
        return { passage: index, sentence, features: found, score };
      });
    })
    .sort((a, b) => b.score - a.score || a.passage - b.passage || a.sentence.position - b.sentence.position);
}
