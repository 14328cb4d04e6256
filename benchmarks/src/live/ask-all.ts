import { createRetrievalAgent, llmPolicy } from "@clew/agents";
import type { Answer, Capabilities, IndexView } from "@clew/core";
import { hybrid } from "@clew/retrievers";
import type { ChatOpenAI } from "@langchain/openai";
import { checkAnswer } from "./check-answer.js";

/** Ways of getting decisions out of a model; the questions take turns. */
export const ways: Readonly<Record<string, Capabilities>> = {
  unknown: {},
  "json schema": { jsonSchema: true },
  tool: { jsonSchema: false, tools: true, jsonMode: false },
  "json mode": { jsonSchema: false, tools: false, jsonMode: true },
  prompted: { jsonSchema: false, tools: false, jsonMode: false },
};

/** What came of one question. */
export interface Asked {
  readonly question: string;
  readonly way: string;
  /** Absent where it threw. */
  readonly answer?: Answer | undefined;
  readonly ms: number;
  /** What must not be, in sentences; empty when all holds. */
  readonly wrong: readonly string[];
}

/** Options of {@link askAll}. */
export interface AskAllOptions {
  readonly questions: readonly string[];
  readonly view: IndexView;
  readonly texts: ReadonlyMap<string, string>;
  readonly model: ChatOpenAI;
  /** Told of each question when it is done. */
  readonly onAsked?: ((asked: Asked, index: number) => void) | undefined;
}

/** The agent that a live run asks: small limits, so that a small model ends. */
export const liveAgent = (view: IndexView, model: ChatOpenAI, capabilities: Capabilities) =>
  createRetrievalAgent({
    retriever: hybrid(view),
    policy: llmPolicy({ capabilities, maxTokens: 256 }),
    models: model,
    budget: { hops: 2 },
    k: 4,
  });

/** Asks every question and checks every answer; nothing that a question does ends the run. */
export async function askAll({ questions, view, texts, model, onAsked }: AskAllOptions): Promise<Asked[]> {
  const names = Object.keys(ways);
  const all: Asked[] = [];
  for (const [index, question] of questions.entries()) {
    const way = names[index % names.length]!;
    const started = performance.now();
    const outcome = await liveAgent(view, model, ways[way]!)
      .ask(question)
      .then(
        (answer) => ({ answer, wrong: checkAnswer(answer, texts) }),
        (error: Error) => ({ wrong: [`It threw: ${error.stack ?? error.message}`] }),
      );
    const asked = { question, way, ms: performance.now() - started, ...outcome };
    all.push(asked);
    onAsked?.(asked, index);
  }
  return all;
}
