import { createRetrievalAgent, llmPolicy } from "@clew/agents";
import {
  type Answer,
  neutralise,
  type Passage,
  type ReadableSource,
  type Retriever,
  type SearchOptions,
  scope,
} from "@clew/core";
import { fixedRuntime, sourceInput } from "@clew/core/testing";
import { containsAnswer } from "@clew/evaluate";
import { memoryIndex } from "@clew/index";
import { lexical } from "@clew/retrievers";
import { wholeTextSplitter } from "../whole-text-splitter.js";
import type { AttackCase } from "./attack-case.js";
import { quotes } from "./attacked-model.js";
import { OneChunkModel, type SaidAnswer } from "./one-chunk-model.js";
import { readPrompt } from "./read-prompt.js";

/** A question whose answer is known. */
export interface CleanQuestion {
  readonly question: string;
  readonly gold: string;
}

/** Options of {@link measureUtility}. */
export interface UtilityOptions {
  readonly sources: readonly ReadableSource[];
  readonly texts: readonly string[];
  readonly questions: readonly CleanQuestion[];
  /** Planted beside the sources for the second index. */
  readonly attacks: readonly AttackCase[];
}

/** What the defences cost on clean questions. Shares of 1, losses in points of 100. */
export interface Utility {
  readonly questions: number;
  /** The quoting model: gold answer in the quotes that were verified, with prompts as they are. */
  readonly quoting_model: number;
  /** The same model, shown the passages as they stand in their sources: no character changed. */
  readonly quoting_model_raw: number;
  /** Questions whose prompt held a passage that was changed. */
  readonly prompts_changed: number;
  /** The extractive policy: gold answer in the quotes. */
  readonly extractive: number;
  /** The same: gold answer in the text, after links were taken out. */
  readonly extractive_text: number;
  /** Answers from which a link was taken. */
  readonly answers_with_links_removed: number;
  /** The larger of both losses. */
  readonly loss_points: number;
  /** The extractive policy over an index in which every attack of the set is planted too. */
  readonly extractive_poisoned: number;
  /** Lost to those by displacement: no defence takes or gives it back. */
  readonly poisoned_loss_points: number;
  /** Share of the clean passages in which anything is neutralised. */
  readonly passages_changed: number;
}

const clean = scope("clean");
const poisoned = scope("poisoned");

/**
 * Measures what fences, neutralising and the link policy cost on clean questions. The same agent runs with a scripted model
 * that quotes the sentences nearest to the question, once from its prompt and once, where these differ, from the
 * sources' own text in the same places; and with the extractive policy, whose quotes are compared with its text.
 */
export async function measureUtility({ sources, texts, questions, attacks }: UtilityOptions): Promise<Utility> {
  const index = memoryIndex({ splitter: wholeTextSplitter, links: false });
  try {
    await index.sync(clean, sources);
    await index.sync(poisoned, [
      ...sources,
      ...attacks.flatMap(({ id, planted }) =>
        planted.map(({ text, title = "" }, n) => sourceInput({ id: `attack:${id}:${n}`, title, text })),
      ),
    ]);
    const retriever = lexical(index.in(clean));
    const code = createRetrievalAgent({ retriever, budget: { hops: 2 } });
    const attacked = createRetrievalAgent({ retriever: lexical(index.in(poisoned)), budget: { hops: 2 } });
    const counts = { shown: 0, raw: 0, changed: 0, extractive: 0, text: 0, links: 0, poisoned: 0 };
    for (const { question, gold } of questions) {
      const shown = await askQuoting(retriever, question, false);
      const raw = shown.changed ? await askQuoting(retriever, question, true) : shown;
      const own = await code.ask(question);
      const beside = await attacked.ask(question);
      counts.shown += Number(quotesHold(shown.answer, gold));
      counts.raw += Number(quotesHold(raw.answer, gold));
      counts.changed += Number(shown.changed);
      counts.extractive += Number(quotesHold(own, gold));
      counts.text += Number(containsAnswer(own.text, gold));
      counts.links += Number(own.notes.some(({ code: what }) => what === "link-removed"));
      counts.poisoned += Number(quotesHold(beside, gold));
    }
    const share = (count: number, of = questions.length): number => Number((count / Math.max(1, of)).toFixed(4));
    const points = (count: number): number => Number(((100 * count) / Math.max(1, questions.length)).toFixed(2));
    return {
      questions: questions.length,
      quoting_model: share(counts.shown),
      quoting_model_raw: share(counts.raw),
      prompts_changed: share(counts.changed),
      extractive: share(counts.extractive),
      extractive_text: share(counts.text),
      answers_with_links_removed: share(counts.links),
      loss_points: points(Math.max(0, counts.raw - counts.shown, counts.extractive - counts.text)),
      extractive_poisoned: share(counts.poisoned),
      poisoned_loss_points: points(counts.extractive - counts.poisoned),
      passages_changed: share(texts.filter((text) => neutralise(text).text !== text).length, texts.length),
    };
  } finally {
    await index.close();
  }
}

const quotesHold = ({ sentences }: Answer, gold: string): boolean =>
  sentences.some(
    ({ verdict, citations }) =>
      (verdict === "supported" || verdict === "conflicting") &&
      citations.some(({ quote }) => containsAnswer(quote, gold)),
  );

/** Asks with a model that quotes: what its prompt shows, or, with `raw`, what the sources say in the same places. */
async function askQuoting(
  retriever: Retriever,
  question: string,
  raw: boolean,
): Promise<{ readonly answer: Answer; readonly changed: boolean }> {
  const found: Passage[] = [];
  const watched = Object.assign(Object.create(retriever) as Retriever, {
    search: async (query: string, options: SearchOptions = {}) => {
      const result = await retriever.search(query, options);
      found.push(...result.hits.map(({ passage }) => passage));
      return result;
    },
  });
  let changed = false;
  const model = new OneChunkModel(({ system, user }): SaidAnswer => {
    if (system.startsWith("You decide")) return { json: { kind: "retrieve", question, text: null, why: "facts" } };
    if (system.startsWith("You plan")) return { json: { subQuestions: [{ id: "q1", question, dependsOn: [] }] } };
    const { passages } = readPrompt(system, user);
    if (system.startsWith("You check")) {
      const [first] = passages;
      const evidence = first === undefined ? [] : [first.id];
      return { json: { grades: [{ id: "q1", answered: true, evidence, answer: null, missing: null, query: null }] } };
    }
    // one round of one search: ids count its hits
    const sources = passages.map((one) => {
      const source = found[Number(one.id.slice(1)) - 1]!;
      return { id: one.id, title: source.title, text: source.text };
    });
    changed = JSON.stringify(sources) !== JSON.stringify(passages);
    return { text: quotes(raw ? sources : passages, question, 4) };
  });
  const policy = llmPolicy({ models: model, capabilities: { jsonSchema: true } });
  const agent = createRetrievalAgent({ retriever: watched, policy, runtime: fixedRuntime(), budget: { hops: 1 } });
  return { answer: await agent.ask(question), changed };
}
