import { createRetrievalAgent, extractivePolicy, llmPolicy, type RetrievalAgent } from "@clew/agents";
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
  /** Who decided to look something up: the model, or code where the model had not. */
  readonly routed: "model" | "code";
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

/** Options of {@link liveAgent}. */
export interface LiveAgentOptions {
  readonly view: IndexView;
  readonly model: ChatOpenAI;
  readonly capabilities: Capabilities;
  readonly routed: Asked["routed"];
}

/** The agent that a live run asks: small limits, so that a small model ends. */
export function liveAgent({ view, model, capabilities, routed }: LiveAgentOptions): RetrievalAgent {
  const policy = llmPolicy({ capabilities, maxTokens: 256 });
  const { route } = routed === "model" ? policy : extractivePolicy();
  return createRetrievalAgent({
    retriever: hybrid(view),
    policy: { ...policy, route },
    models: model,
    budget: { hops: 2 },
    k: 4,
  });
}

/**
 * Asks every question and checks every answer; nothing that a question does ends the run. A question that the model
 * would not look up is asked once more with that decided by code: else a model that declines would pass unseen.
 */
export async function askAll({ questions, view, texts, model, onAsked }: AskAllOptions): Promise<Asked[]> {
  const names = Object.keys(ways);
  const all: Asked[] = [];
  for (const [index, question] of questions.entries()) {
    const way = names[index % names.length]!;
    for (const routed of ["model", "code"] as const) {
      const started = performance.now();
      const outcome = await liveAgent({ view, model, capabilities: ways[way]!, routed })
        .ask(question)
        .then(
          (answer) => ({ answer, wrong: checkAnswer(answer, texts) }),
          (error: Error) => ({ answer: undefined, wrong: [`It threw: ${error.stack ?? error.message}`] }),
        );
      const asked = { question, way, routed, ms: performance.now() - started, ...outcome };
      all.push(asked);
      onAsked?.(asked, index);
      if (outcome.answer === undefined || outcome.answer.hops.length > 0) break;
    }
  }
  return all;
}
