import {
  checkKeys,
  type DraftEvent,
  type Evidence,
  type Grade,
  type HopRecord,
  invalidOption,
  isNonNegative,
  note,
  type Passage,
  type Policy,
  type PolicyState,
  positiveInteger,
} from "@clew/core";
import { type Analyzer, analyzer as makeAnalyzer } from "@clew/core/text";
import { breathe } from "../breathe.js";
import { isRepeated } from "../is-repeated.js";
import { extractFields, fieldSearches } from "../structured/extract-fields.js";
import { type ConfidenceFeatures, confidenceFeatures, confidenceOf } from "./answer-confidence.js";
import { type Bridge, bridges } from "./bridge-queries.js";
import { chooseQuotes } from "./choose-quotes.js";
import { chooseSource } from "./choose-source.js";
import { extractivePlan } from "./extractive-plan.js";
import { extractiveRoute } from "./extractive-route.js";
import { mentions } from "./mentions.js";
import { rankByRound } from "./rank-by-round.js";
import type { RankedSentence } from "./rank-sentences.js";
import { evidenceReader, type PassageReading } from "./read-evidence.js";
import { readQuestion } from "./read-question.js";
import { coverage, termWeights } from "./term-weights.js";

/** Options of {@link extractivePolicy}. */
export interface ExtractivePolicyOptions {
  /** Most quotes of an answer. @default 4 */
  quotes?: number | undefined;
  /** Names followed in each further round of retrieval. @default 3 */
  bridges?: number | undefined;
  /**
   * Share of the question's weight, in [0, 1], that the quotes and their titles must hold: below it there is no answer.
   * @default 0: confidence decides
   */
  minCoverage?: number | undefined;
  /**
   * Confidence, in [0, 1], below which there is no answer (`Answer.confidence`). The default loses next to no answer that
   * holds the gold answer, and withholds one in five to one in seven that cannot; `docs/abstention.md` says what higher ones trade.
   * @default 0.03
   */
  minConfidence?: number | undefined;
  /** Makes the terms that are compared: that of the sources' language. @default the English one */
  analyzer?: Analyzer | undefined;
}

/** Passages that are read before others get their turn. */
const slice = 4;

/** What the evidence says to a question. */
interface Reading {
  readonly passages: readonly PassageReading[];
  readonly chosen: readonly RankedSentence[];
  readonly features: ConfidenceFeatures;
  /** Share of the question that the chosen sentences hold. */
  readonly covered: number;
  /** Words of the question that they leave open. */
  readonly open: readonly string[];
  /** Names that may lead on, best first. */
  next(): readonly Bridge[];
}

/**
 * The policy without a model. It looks a question up as it stands (and the names that it compares one by one), follows
 * names that good sentences lead to for as many rounds as the budget has, and answers with the sentences that together
 * hold most of the question, quoted verbatim. It abstains when they hold too little of it. English.
 *
 * @throws ClewError `invalid-option`
 */
export function extractivePolicy(options: ExtractivePolicyOptions = {}): Policy {
  checkKeys("extractivePolicy", options, ["quotes", "bridges", "minCoverage", "minConfidence", "analyzer"]);
  const { quotes = 4, bridges: width = 3, minCoverage = 0, minConfidence = 0.03, analyzer = makeAnalyzer() } = options;
  positiveInteger("quotes", quotes);
  positiveInteger("bridges", width);
  if (!isNonNegative(minCoverage) || minCoverage > 1)
    throw invalidOption("minCoverage", "a number from 0 to 1", minCoverage);
  if (!isNonNegative(minConfidence) || minConfidence > 1)
    throw invalidOption("minConfidence", "a number from 0 to 1", minConfidence);
  const read = evidenceReader(analyzer);

  // what was graded last is what is written from: it is read once, for as long as its passages are in memory
  const readings = new WeakMap<Passage, { readonly state: PolicyState; readonly reading: Reading }>();
  const readState = async (state: PolicyState, signal?: AbortSignal): Promise<Reading> => {
    const first = state.evidence[0]?.passage;
    const before = first === undefined ? undefined : readings.get(first);
    if (before !== undefined && isSameEvidence(before.state, state)) return before.reading;
    const reading = await readAnew(state, signal);
    if (first !== undefined) readings.set(first, { state, reading });
    return reading;
  };
  const readAnew = async ({ question: asked, evidence }: PolicyState, signal?: AbortSignal): Promise<Reading> => {
    const question = readQuestion(asked, analyzer);
    const passages: PassageReading[] = [];
    for (const [index, one] of evidence.entries()) {
      if (index % slice === slice - 1) await breathe(signal);
      passages.push(read(one));
    }
    // by the first round alone: what later rounds bring must not change what the question's words are worth
    const weights = termWeights(
      question,
      passages.filter((_, index) => evidence[index]!.hop === 1),
    );
    const links = mentions(passages);
    await breathe(signal);
    const ranked = rankByRound(passages, { question, weights, mentions: links, evidence });
    await breathe(signal);
    const chosen = chooseQuotes(ranked, { weights, mentions: links, count: quotes });
    await breathe(signal);
    const held = (term: string): boolean =>
      chosen.some(({ passage, sentence }) => sentence.terms.has(term) || passages[passage]!.titleTerms.has(term));
    const open = [...question.words].filter(([term]) => !held(term)).map(([, word]) => word);
    const features = confidenceFeatures(chosen, { question, weights, passages });
    return {
      passages,
      chosen,
      features,
      covered: coverage(weights, held),
      open,
      next: () => bridges(question, passages, { weights, mentions: links }),
    };
  };

  return {
    id: "extractive",
    version: "3",
    // a function is not written down
    ...(options.analyzer === undefined ? { settings: { quotes, bridges: width, minCoverage, minConfidence } } : {}),
    route: async ({ question, conversation }, { signal }) => {
      signal?.throwIfAborted();
      return extractiveRoute(question, conversation, analyzer);
    },
    plan: async ({ question, sources, form }, { signal }) => {
      signal?.throwIfAborted();
      const sourceOf = (part: string) => chooseSource(part, sources, analyzer);
      const reading = readQuestion(question, analyzer);
      const searches = fieldSearches({ form, question }, [...reading.runs.values()], analyzer);
      return extractivePlan(question, { reading, sourceOf, searches });
    },
    extract: (state, refused, call) => extractFields(state, refused, call, analyzer),
    grade: async (state, { signal, meter }) => {
      signal?.throwIfAborted();
      const reading = await readState(state, signal);
      return state.plan.subQuestions.map(({ id }, index) =>
        gradeOf(id, index === 0, reading, state, {
          width,
          minCoverage,
          minConfidence,
          analyzer,
          last: meter.remaining("hops") === 0,
        }),
      );
    },
    async *write(state, { signal }): AsyncGenerator<DraftEvent> {
      signal?.throwIfAborted();
      const { chosen, covered, features, open } = await readState(state, signal);
      const confidence = confidenceOf(features);
      yield { type: "confidence", value: confidence, features: { ...features } };
      if (chosen.length === 0 || covered < minCoverage || confidence < minConfidence) {
        const what = open.length === 0 ? "the question" : open.map((word) => `"${word}"`).join(", ");
        yield {
          type: "note",
          note: note("not-covered", `The evidence does not cover ${what}.`, { covered, open, confidence }),
        };
        return;
      }
      for (const { passage, sentence } of inReadingOrder(chosen)) {
        signal?.throwIfAborted();
        const evidence = state.evidence[passage]!.id;
        yield { type: "delta", text: `${sentence.text}\n` };
        yield { type: "sentence", text: sentence.text, citations: [{ evidence, quote: sentence.text }] };
      }
    },
  };
}

/** Whether two states ask the same of the same passages, found by the same searches. */
const isSameEvidence = (a: PolicyState, b: PolicyState): boolean =>
  a.question === b.question &&
  a.evidence.length === b.evidence.length &&
  a.evidence.every((one, index) => {
    const other = b.evidence[index]!;
    return (
      one.passage === other.passage && one.hop === other.hop && one.queries.join("\n") === other.queries.join("\n")
    );
  });

/** How many names are looked at in search of some that were not tried. */
const considered = 30;

/** True when names were followed and nothing new came of it. */
function isSpent(hops: readonly HopRecord[]): boolean {
  const last = hops.at(-1)?.hop ?? 0;
  return last > 1 && hops.every(({ hop, fresh }) => hop < last || fresh.length === 0);
}

interface GradeOptions {
  readonly width: number;
  readonly minCoverage: number;
  readonly minConfidence: number;
  readonly analyzer: Analyzer;
  /** No further round can come. */
  readonly last: boolean;
}

/** The first sub-question is the question itself and drives the looking; the others only widen its first round. */
function gradeOf(
  id: string,
  leads: boolean,
  { chosen, covered, features, open, next }: Reading,
  { evidence, hops }: PolicyState,
  { width, minCoverage, minConfidence, analyzer, last }: GradeOptions,
): Grade {
  const asked = hops.map(({ query }) => query);
  const known = new Map<string, string[]>();
  const once: Analyzer = {
    ...analyzer,
    terms: (text) => {
      const terms = known.get(text) ?? analyzer.terms(text);
      known.set(text, terms);
      return terms;
    },
  };
  const untried: Bridge[] = [];
  if (leads && !last && !isSpent(hops)) {
    for (const bridge of next().slice(0, considered)) {
      if (untried.length === width) break;
      if (!isRepeated(bridge.query, [...asked, ...untried.map(({ query }) => query)], once)) untried.push(bridge);
    }
  }
  const isSure = covered >= minCoverage && confidenceOf(features) >= minConfidence;
  if (untried.length === 0 && chosen.length > 0 && isSure) {
    return { subQuestion: id, kind: "answered", evidence: idsOf(chosen, evidence) };
  }
  const missing =
    chosen.length === 0 ? "no evidence yet" : open.length === 0 ? "where the names found lead to" : open.join(", ");
  const [first, ...also] = untried.map(({ name, query }) => ({ query, why: `follows "${name}"` }));
  return { subQuestion: id, kind: "missing", missing, ...(first === undefined ? {} : { next: first, also }) };
}

const idsOf = (chosen: readonly RankedSentence[], evidence: readonly Evidence[]) => [
  ...new Set(chosen.map(({ passage }) => evidence[passage]!.id)),
];

/** Passages as they were chosen, the sentences of each in the order of its text. */
function inReadingOrder(chosen: readonly RankedSentence[]): RankedSentence[] {
  const order = [...new Set(chosen.map(({ passage }) => passage))];
  return [...chosen].sort(
    (a, b) => order.indexOf(a.passage) - order.indexOf(b.passage) || a.sentence.position - b.sentence.position,
  );
}
