import { datesIn, findMentions } from "@clew/core/text";
import type { Mentions } from "./mentions.js";
import type { PassageReading } from "./read-evidence.js";
import type { QuestionReading } from "./read-question.js";
import { termMasks } from "./term-masks.js";
import type { TermWeights } from "./term-weights.js";

/** A name in the evidence that may lead to the rest of the answer. */
export interface Bridge {
  /** As written in the evidence. */
  readonly name: string;
  readonly score: number;
  /** The query that follows it: the name and the question's terms that its sentence left open. */
  readonly query: string;
  readonly passage: number;
  readonly features: BridgeFeatures;
}

/** What is known of a name as the next step of a chain, each in [0, 1]. */
export interface BridgeFeatures {
  /** Question terms in its sentence and the title of its passage. */
  readonly cover: number;
  readonly passageCover: number;
  /** The question names the title of its passage. */
  readonly titleAsked: number;
  /** A passage whose title the question names mentions the title of its passage. */
  readonly nextToAsked: number;
  /** It is the title of its own passage. */
  readonly ownTitle: number;
  /** It is the title of another passage gathered. */
  readonly otherTitle: number;
  /** Its sentence opens its passage. */
  readonly first: number;
  /** 1 / square root of the passages that hold it: what many hold is more likely to matter here. */
  readonly rarity: number;
  /** Of more than one word. */
  readonly long: number;
  /** 1 / (place of its passage among the evidence). */
  readonly rank: number;
}

/**
 * Fitted by a softmax over the names of each question (gold: titles of gold passages and intermediate answers) on 266
 * questions of 2wiki, 404 of hotpotqa and 98 of musique, and rounded.
 */
const bridgeWeights: BridgeFeatures = {
  cover: 4,
  passageCover: 2,
  titleAsked: 1.5,
  nextToAsked: 2.5,
  ownTitle: 3.5,
  otherTitle: 3,
  first: 0.8,
  rarity: -3.5,
  long: 1,
  rank: 2,
};

/** Options of {@link bridges}. */
export interface BridgesOptions {
  readonly weights: TermWeights;
  readonly mentions: Mentions;
}

/** Names that the question does not hold but the evidence does, those that most likely lead on first. */
export function bridges(
  question: QuestionReading,
  passages: readonly PassageReading[],
  { weights, mentions }: BridgesOptions,
): Bridge[] {
  const masks = termMasks(weights);
  const titles = new Map<string, number>();
  for (const { titleKeys } of passages) for (const key of titleKeys) titles.set(key, (titles.get(key) ?? 0) + 1);
  const inQuestion = new Set([...findMentions(question.text, titles)].map(({ key }) => key));
  const isAsked = passages.map(({ titleKeys }) => titleKeys.some((key) => inQuestion.has(key)));
  const nextToAsked = passages.map(() => false);
  for (const [index, places] of mentions.entries()) {
    if (isAsked[index]) for (const others of places) for (const other of others) nextToAsked[other] = true;
  }
  const asked = [...question.runs.keys()];
  const holders = new Map<string, number>();
  for (const { sentences, titleKeys } of passages) {
    const names = new Set([...sentences.flatMap((sentence) => [...sentence.names.keys()]), ...titleKeys]);
    for (const name of names) holders.set(name, (holders.get(name) ?? 0) + 1);
  }
  const found = new Map<string, Bridge>();
  for (const [index, passage] of passages.entries()) {
    const passageCover = masks.cover(masks.of(passage.terms));
    const titleMask = masks.of(passage.titleTerms);
    const own = new Set(passage.titleKeys);
    for (const [at, sentence] of passage.sentences.entries()) {
      const mask = masks.of(sentence.terms) | titleMask;
      const cover = masks.cover(mask);
      const names = new Map(sentence.names);
      const [title] = passage.titleKeys;
      if (title !== undefined && !isAsked[index]) names.set(title, passage.title.replace(/\s*\([^)]*\)$/, ""));
      for (const [key, name] of names) {
        if (isDate(name) || asked.some((run) => run.includes(key) || key.includes(run))) continue;
        const features: BridgeFeatures = {
          cover,
          passageCover,
          titleAsked: isAsked[index] ? 1 : 0,
          nextToAsked: nextToAsked[index] && !isAsked[index] ? 1 : 0,
          ownTitle: own.has(key) ? 1 : 0,
          otherTitle: !own.has(key) && titles.has(key) ? 1 : 0,
          first: at === 0 ? 1 : 0,
          rarity: 1 / Math.sqrt(holders.get(key) ?? 1),
          long: key.includes(" ") ? 1 : 0,
          rank: 1 / (1 + index),
        };
        let score = 0;
        for (const [feature, weight] of Object.entries(bridgeWeights))
          score += weight * features[feature as keyof BridgeFeatures];
        if (score <= (found.get(key)?.score ?? Number.NEGATIVE_INFINITY)) continue;
        const open = [...question.words]
          .filter(([term]) => !sentence.terms.has(term) && !passage.titleTerms.has(term))
          .map(([, word]) => word);
        found.set(key, { name, score, query: [name, ...open].join(" "), passage: index, features });
      }
    }
  }
  return [...found.values()].sort((a, b) => b.score - a.score || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** "August 5", "York – September": a date leads to whatever else happened then. */
const isDate = (name: string): boolean => mayBeDate.test(name) && (datesIn(name).length > 0 || endsInMonth.test(name));

/** Quick to tell: every date holds a digit or the beginning of a month. */
const mayBeDate = /\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec/i;

const endsInMonth =
  /[–—-]\s*(?:January|February|March|April|May|June|July|August|September|October|November|December)$/;
