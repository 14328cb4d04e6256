import {
  type Answer,
  type Budget,
  ClewError,
  checkBudget,
  checkFilter,
  checkKeys,
  checkPrices,
  type Filter,
  invalidOption,
  isRetriever,
  type Policy,
  type Prices,
  positiveInteger,
  priceOf,
  type Retriever,
  type Runtime,
  raceSignal,
  type Scope,
  scopeKey,
  systemRuntime,
  type Turn,
} from "@clew/core";
import { analyzer } from "@clew/core/text";
import type { RunnableConfig } from "@langchain/core/runnables";
import type { BaseCheckpointSaver } from "@langchain/langgraph";
import type { AgentEvent } from "./agent-event.js";
import { extractivePolicy } from "./extractive/extractive-policy.js";
import { buildGraph, type RetrievalGraph } from "./graph/build-graph.js";
import { stepsOf } from "./graph/look-nodes.js";
import type { RunOptions } from "./graph/run-state.js";
import { threadKey } from "./graph/thread-key.js";
import { llmPolicy } from "./llm/llm-policy.js";
import { type Models, modelIds, serveModels } from "./models.js";

/** Options of {@link createRetrievalAgent}. */
export interface RetrievalAgentOptions {
  /** Where it looks. Made by `defineRetriever`, or by anything that ends in one. */
  retriever: Retriever;
  /** What decides. @default llmPolicy() where there are models, extractivePolicy() where there are none */
  policy?: Policy | undefined;
  /** Chat models: one for everything, or one for each role. @default none */
  models?: Models | undefined;
  /** Limits of each run; `hops` counts rounds of retrieval. @default { hops: 3 } */
  budget?: Budget | undefined;
  /**
   * What models cost, by model id as it is served: chat models, and embedders and rerankers that report their tokens.
   * Required of every chat model under a limit of usd. @default none is known
   */
  prices?: Prices | undefined;
  /** Who asks. @default the retriever's scope; required where it has none, refused where it has another */
  scope?: Scope | undefined;
  /** Hits of each search. @default 10 */
  k?: number | undefined;
  /** Milliseconds after which a search is given up; the others of its round are kept. @default 120,000 */
  timeoutMs?: number | undefined;
  /** Keeps conversations and unfinished runs, by thread. @default nothing is kept */
  checkpointer?: BaseCheckpointSaver | undefined;
  /** Time, identities and chance. @default those of the system */
  runtime?: Runtime | undefined;
}

/** Options of one question. */
export interface AskOptions {
  /** Name of the conversation that it belongs to; needs a checkpointer. A question that was broken off is resumed. */
  thread?: string | undefined;
  /** Rejects with its reason when aborted, and aborts every open call. */
  signal?: AbortSignal | undefined;
  /** Earlier turns, oldest first. @default those of the thread */
  conversation?: readonly Turn[] | undefined;
  /** Limits of this run, each over the agent's own. */
  budget?: Budget | undefined;
  /** Only passages that match are evidence. */
  filter?: Filter | undefined;
  /** Hits of each search. @default the agent's */
  k?: number | undefined;
  /** LangChain callbacks, tags and metadata: nodes, searches and model calls show as children. */
  config?: RunnableConfig | undefined;
}

/** Answers questions from what a retriever finds. */
export interface RetrievalAgent {
  /**
   * Answers a question. A limit that is reached, a search that fails and a model that talks nonsense end in a partial or
   * abstaining answer with notes, not in an exception.
   *
   * @throws ClewError `invalid-option` or `invalid-filter`; the signal's reason when it is aborted
   */
  ask(question: string, options?: AskOptions): Promise<Answer>;
  /** The same as events, the answer last. Leaving the loop aborts the run. */
  stream(question: string, options?: AskOptions): AsyncGenerator<AgentEvent, void, undefined>;
  /** The compiled LangGraph graph, for use inside other graphs; its checkpoints are keyed by its caller. */
  readonly graph: RetrievalGraph;
}

const defaultHops = 3;
/** Longest question, in UTF-16 code units: reading one takes time that no signal ends. */
const longestQuestion = 100_000;
const agentKeys = [
  "retriever",
  "policy",
  "models",
  "budget",
  "prices",
  "scope",
  "k",
  "timeoutMs",
  "checkpointer",
  "runtime",
];
const askKeys = ["thread", "signal", "conversation", "budget", "filter", "k", "config"];
const budgetKeys = ["tokens", "usd", "ms", "hops", "calls"];

/**
 * Makes an agent over a retriever.
 *
 * @throws ClewError `invalid-option` for an option that is unknown, missing or out of range
 */
export function createRetrievalAgent(options: RetrievalAgentOptions): RetrievalAgent {
  checkKeys("createRetrievalAgent", options, agentKeys);
  const {
    retriever,
    models,
    budget = {},
    k = 10,
    timeoutMs = 120_000,
    checkpointer,
    runtime = systemRuntime,
  } = options;
  if (!isRetriever(retriever)) throw invalidOption("retriever", "a retriever, as defineRetriever makes one");
  const scope = scopeOf(retriever, options.scope);
  const serve = models === undefined ? undefined : serveModels(models);
  const { hops = defaultHops, ...others } = checkedBudget(budget);
  const limits = { ...others, hops };
  const prices = options.prices === undefined ? undefined : checkPrices(options.prices);
  const policy = options.policy ?? (serve === undefined ? extractivePolicy() : llmPolicy());
  const ids = [...(models === undefined ? [] : modelIds(models)), ...(policy.models ?? [])];
  checkPriced(limits, prices, ids);
  const graph = buildGraph(
    {
      retriever,
      scope,
      policy,
      serve,
      budget: limits,
      prices,
      k: positiveInteger("k", k),
      timeoutMs: positiveInteger("timeoutMs", timeoutMs),
      runtime,
      analyzer: analyzer(),
    },
    checkpointer,
  ).withConfig({ recursionLimit: stepsOf(limits.hops) }) as RetrievalGraph;

  async function* stream(question: string, asked: AskOptions = {}): AsyncGenerator<AgentEvent, void, undefined> {
    checkKeys("ask", asked, askKeys);
    if (typeof question !== "string") throw invalidOption("question", "a text", question);
    if (question.length > longestQuestion) {
      throw invalidOption(
        "question",
        `at most ${longestQuestion} characters; longer texts belong into the index`,
        question.length,
      );
    }
    const { thread, signal, config = {}, ...rest } = asked;
    const run = checkedRun(rest);
    checkPriced(run.budget ?? {}, prices, ids);
    if (thread !== undefined && checkpointer === undefined) {
      throw invalidOption("thread", "left out where the agent has no checkpointer: give createRetrievalAgent one");
    }
    const { signal: configSignal, ...handed } = config;
    const outer = [signal, configSignal].filter((one) => one !== undefined);
    for (const one of outer) one.throwIfAborted();
    const leaving = new AbortController();
    const linked = AbortSignal.any([...outer, leaving.signal]);
    const key = thread === undefined ? undefined : threadKey(scope, thread);
    const settings = {
      ...handed,
      recursionLimit: stepsOf(run.budget?.hops ?? limits.hops),
      configurable: {
        ...handed.configurable,
        ...(checkpointer === undefined ? {} : { thread_id: key ?? threadKey(scope, `run ${runtime.id()}`) }),
      },
      signal: linked,
      streamMode: "custom" as const,
    };
    try {
      const resumed = key !== undefined && (await isUnfinished(graph, key, question, run));
      const events = await raceSignal(graph.stream(resumed ? null : { question, options: run }, settings), linked);
      const iterator = (events as AsyncIterable<AgentEvent>)[Symbol.asyncIterator]();
      // the answer waits until the graph has ended: whoever leaves at it must not cut the thread's last checkpoint off
      let done: AgentEvent | undefined;
      for (;;) {
        const next = await raceSignal(iterator.next(), linked);
        if (next.done === true) break;
        if (next.value.type === "done") done = next.value;
        else yield next.value;
      }
      if (done !== undefined) yield done;
    } finally {
      leaving.abort(new ClewError("closed", "The caller has left this run."));
    }
  }

  return {
    graph,
    stream,
    ask: async (question, asked) => {
      for await (const event of stream(question, asked)) if (event.type === "done") return event.answer;
      throw new ClewError("invalid-output", "The run ended without an answer.");
    },
  };
}

function scopeOf(retriever: Retriever, given: Scope | undefined): Scope {
  const own = retriever.scope;
  if (own === undefined) {
    if (given === undefined) throw invalidOption("scope", "given for a retriever that has none of its own");
    return given;
  }
  if (given !== undefined && scopeKey(given) !== scopeKey(own)) {
    throw invalidOption("scope", "that of the retriever: search with a retriever over this scope instead");
  }
  return own;
}

function checkedBudget(budget: Budget): Budget {
  checkKeys("budget", budget, budgetKeys);
  checkBudget(budget);
  return Object.fromEntries(Object.entries(budget).filter(([, limit]) => limit !== undefined));
}

/** Under a limit of money, what models cost must be known before they are asked. */
function checkPriced({ usd }: Budget, prices: Prices | undefined, ids: readonly string[]): void {
  const unknown = usd === undefined ? undefined : ids.find((id) => priceOf(prices, id) === undefined);
  if (unknown !== undefined) {
    throw invalidOption("prices", `a table with the price of ${unknown} where the budget has a limit of usd`, unknown);
  }
}

function checkedRun({ conversation, budget, filter, k }: RunOptions): RunOptions {
  if (filter !== undefined) checkFilter(filter);
  if (conversation !== undefined && !conversation.every(isTurn)) {
    throw invalidOption("conversation", "a list of turns, each with a question and an answer");
  }
  return {
    ...(conversation === undefined ? {} : { conversation }),
    ...(budget === undefined ? {} : { budget: checkedBudget(budget) }),
    ...(filter === undefined ? {} : { filter }),
    ...(k === undefined ? {} : { k: positiveInteger("k", k) }),
  };
}

const isTurn = (turn: Turn): boolean => typeof turn?.question === "string" && typeof turn.answer === "string";

/** True when the thread's last run was broken off at this very question. */
async function isUnfinished(graph: RetrievalGraph, key: string, question: string, run: RunOptions): Promise<boolean> {
  const { next, values } = await graph.getState({ configurable: { thread_id: key } });
  return next.length > 0 && values.question === question && JSON.stringify(values.options) === JSON.stringify(run);
}
