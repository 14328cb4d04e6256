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
  type Policy,
  type Prices,
  positiveInteger,
  priceOfServed,
  type Retriever,
  type Runtime,
  raceSignal,
  type Scope,
  type StructuredAnswer,
  systemRuntime,
  type Turn,
} from "@clew/core";
import { analyzer } from "@clew/core/text";
import type { RunnableConfig } from "@langchain/core/runnables";
import { type BaseCheckpointSaver, Command } from "@langchain/langgraph";
import type { z } from "zod/v4";
import type { AgentEvent } from "./agent-event.js";
import {
  type ApprovalDecision,
  type ApprovalPoint,
  type ApprovalRequest,
  checkApprovalPoints,
  checkDecision,
} from "./approval.js";
import { extractivePolicy } from "./extractive/extractive-policy.js";
import { buildGraph, type RetrievalGraph } from "./graph/build-graph.js";
import { stepsOf } from "./graph/look-nodes.js";
import type { RunOptions, RunUpdate } from "./graph/run-state.js";
import { agentSources, type SourceOptions, scopeOfSources } from "./graph/sources.js";
import { threadKey } from "./graph/thread-key.js";
import { isSameQuestion, lastEvent, unfinishedRun } from "./graph/unfinished-run.js";
import { llmPolicy } from "./llm/llm-policy.js";
import { type Models, modelIds, namedRoles, serveModels } from "./models.js";
import { formOf } from "./structured/form-of.js";
import { leafCheck } from "./structured/leaf-check.js";
import { structuredAnswer } from "./structured/structured-answer.js";

/** Options of {@link createRetrievalAgent}. */
export interface RetrievalAgentOptions {
  /** Where it looks. Made by `defineRetriever`, or by anything that ends in one. Either this or `sources`. */
  retriever?: Retriever | undefined;
  /**
   * Where it looks, by name: which part of a question goes where is the policy's decision, and where nothing tells, all
   * are asked. Retrievers over one scope; those without a scope take that of the others.
   */
  sources?: Readonly<Record<string, SourceOptions>> | undefined;
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
  /** Who asks. @default the retrievers' scope; required where it has none, refused where it has another */
  scope?: Scope | undefined;
  /** Hits of each search. @default 10 */
  k?: number | undefined;
  /** Milliseconds after which a search is given up; the others of its round are kept. @default 120,000 */
  timeoutMs?: number | undefined;
  /**
   * Keeps conversations and unfinished runs, by thread, and the output of each model call and search until its run has
   * ended. @default nothing is kept
   */
  checkpointer?: BaseCheckpointSaver | undefined;
  /** Steps before which a run waits for a person; needs a checkpointer, and a thread for each question. @default none */
  approve?: readonly ApprovalPoint[] | undefined;
  /** Time, identities and chance. @default those of the system */
  runtime?: Runtime | undefined;
}

/** Options of one question. */
export interface AskOptions {
  /** Name of the conversation that it belongs to; needs a checkpointer. A question that was broken off is resumed. */
  thread?: string | undefined;
  /** What a person decided on the step that this question waits for in its thread. */
  decision?: ApprovalDecision | undefined;
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

/** Options of a question whose answer has a form. */
export interface AskWithSchemaOptions<S extends z.core.$ZodType> extends AskOptions {
  /**
   * A zod 4 object: what the answer must fill in. Objects, arrays, strings, numbers, booleans, ISO dates, enums and literals;
   * `describe` says in words what is meant.
   */
  schema: S;
}

/** Answers questions from what a retriever finds. */
export interface RetrievalAgent {
  /**
   * Answers a question. A limit that is reached, a search that fails and a model that talks nonsense end in a partial or
   * abstaining answer with notes, not in an exception.
   *
   * @throws ClewError `invalid-option` or `invalid-filter`; `approval-needed` where a person has to decide first (see
   *   {@link RetrievalAgent.pending}); the signal's reason when it is aborted
   */
  ask(question: string, options?: AskOptions): Promise<Answer>;
  /**
   * Fills in a schema. Every leaf carries its citations (`answer.fields`, by JSON pointer) and is verified by code; one that nothing
   * supports is null, with a note. `answer.valid` tells whether `answer.value` fits the schema in spite of it.
   *
   * @throws ClewError `invalid-option` for a schema that cannot be filled in from texts; `invalid-output` where the schema refuses what
   *   was found for another reason than what is missing
   */
  ask<S extends z.core.$ZodType>(
    question: string,
    options: AskWithSchemaOptions<S>,
  ): Promise<StructuredAnswer<z.core.output<S>>>;
  /** The same as events: last the answer, or what a person has to decide. Leaving the loop aborts the run. */
  stream(question: string, options?: AskOptions): AsyncGenerator<AgentEvent, void, undefined>;
  /** The same as events: `field` for each leaf when it is verified. */
  stream<S extends z.core.$ZodType>(
    question: string,
    options: AskWithSchemaOptions<S>,
  ): AsyncGenerator<AgentEvent<StructuredAnswer<z.core.output<S>>>, void, undefined>;
  /** What a person has to decide in a thread, in whichever process it was asked; undefined where nothing waits. */
  pending(thread: string): Promise<ApprovalRequest | undefined>;
  /** The compiled LangGraph graph, for use inside other graphs; its checkpoints are keyed by its caller. */
  readonly graph: RetrievalGraph;
}

const defaultHops = 3;
/** Longest question, in UTF-16 code units: reading one takes time that no signal ends. */
const longestQuestion = 100_000;
const agentKeys = [
  "retriever",
  "sources",
  "policy",
  "models",
  "budget",
  "prices",
  "scope",
  "k",
  "timeoutMs",
  "checkpointer",
  "approve",
  "runtime",
];
const askKeys = ["thread", "decision", "signal", "conversation", "budget", "filter", "k", "config", "schema"];
const budgetKeys = ["tokens", "usd", "ms", "hops", "calls"];

/**
 * Makes an agent over a retriever, or over several.
 *
 * @throws ClewError `invalid-option` for an option that is unknown, missing or out of range
 */
export function createRetrievalAgent(options: RetrievalAgentOptions): RetrievalAgent {
  checkKeys("createRetrievalAgent", options, agentKeys);
  const { models, budget = {}, k = 10, timeoutMs = 120_000, checkpointer, runtime = systemRuntime } = options;
  const sources = agentSources(options.retriever, options.sources);
  const scope = scopeOfSources(sources, options.scope);
  const serve = models === undefined ? undefined : serveModels(models);
  const { hops = defaultHops, ...others } = checkedBudget(budget);
  const limits = { ...others, hops };
  const approve = checkApprovalPoints(options.approve ?? []);
  if (approve.size > 0 && checkpointer === undefined) {
    throw invalidOption("approve", "left out where there is no checkpointer: what waits has to be kept");
  }
  const prices = options.prices === undefined ? undefined : checkPrices(options.prices);
  const policy = options.policy ?? (serve === undefined ? extractivePolicy() : llmPolicy());
  const ids = [...(models === undefined ? [] : modelIds(models)), ...(policy.models ?? [])];
  checkPriced(limits, prices, ids);
  const parts = {
    sources,
    scope,
    policy,
    serve,
    names: namedRoles(models),
    budget: limits,
    prices,
    k: positiveInteger("k", k),
    timeoutMs: positiveInteger("timeoutMs", timeoutMs),
    approve,
    runtime,
    analyzer: analyzer(),
  };
  const limited = { recursionLimit: stepsOf(limits.hops) };
  const graph = buildGraph(parts, checkpointer).withConfig(limited) as RetrievalGraph;
  // of a question without a thread nothing could ever be resumed
  const passing = checkpointer === undefined ? graph : (buildGraph(parts).withConfig(limited) as RetrievalGraph);

  type Asked = AskOptions & { readonly schema?: z.core.$ZodType | undefined };

  async function* events(question: string, asked: Asked = {}): AsyncGenerator<AgentEvent, void, undefined> {
    checkKeys("ask", asked, askKeys);
    if (typeof question !== "string") throw invalidOption("question", "a text", question);
    if (question.length > longestQuestion) {
      throw invalidOption(
        "question",
        `at most ${longestQuestion} characters; longer texts belong into the index`,
        question.length,
      );
    }
    const { thread, decision, signal, config = {}, schema, ...rest } = asked;
    const form = schema === undefined ? undefined : formOf(schema);
    const run: RunOptions = { ...checkedRun(rest), ...(form === undefined ? {} : { form }) };
    checkPriced(run.budget ?? {}, prices, ids);
    if (thread !== undefined && checkpointer === undefined) {
      throw invalidOption("thread", "left out where the agent has no checkpointer: give createRetrievalAgent one");
    }
    if (thread === undefined && approve.size > 0) throw invalidOption("thread", "given where a person approves");
    if (thread === undefined && decision !== undefined) throw invalidOption("thread", "given with a decision");
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
        ...(key === undefined ? {} : { thread_id: key }),
      },
      ...(schema === undefined ? {} : { context: { checkLeaf: leafCheck(schema) } }),
      signal: linked,
      // a checkpoint is on disk before the next node spends anything
      durability: "sync" as const,
      streamMode: "custom" as const,
    };
    try {
      const input = key === undefined ? undefined : await raceSignal(inputOf(key, question, run, decision), linked);
      const started =
        key === undefined ? passing.stream({ question, options: run }, settings) : graph.stream(input!, settings);
      const stream = await raceSignal(started, linked);
      const iterator = (stream as AsyncIterable<AgentEvent>)[Symbol.asyncIterator]();
      // the answer waits until the graph has ended: whoever leaves at it must not cut the thread's last checkpoint off
      let done: AgentEvent | undefined;
      for (;;) {
        const next = await raceSignal(iterator.next(), linked);
        if (next.done === true) break;
        if (next.value.type === "done") done = next.value;
        else yield next.value;
      }
      if (done === undefined && key !== undefined) done = await raceSignal(lastEvent(graph, key), linked);
      if (done?.type === "done" && schema !== undefined && form !== undefined) {
        yield { type: "done", answer: await structuredAnswer(done.answer, schema, form) };
      } else if (done !== undefined) yield done;
    } finally {
      leaving.abort(new ClewError("closed", "The caller has left this run."));
    }
  }

  /** What a thread's graph is given: the question, nothing where it was broken off at it, or what a person decided. */
  async function inputOf(key: string, question: string, run: RunOptions, decision: ApprovalDecision | undefined) {
    const unfinished = await unfinishedRun(graph, key);
    const same = unfinished !== undefined && isSameQuestion(unfinished, question, run);
    if (decision === undefined) return same ? null : { question, options: run };
    if (!same || unfinished.pending === undefined) {
      throw invalidOption("decision", "left out: this question, with these options, waits for nobody in its thread");
    }
    return new Command<ApprovalDecision, RunUpdate, never>({
      resume: checkDecision(unfinished.pending.kind, decision),
    });
  }

  return {
    graph,
    // what a schema makes of the answer is only known to the overloads
    stream: events as RetrievalAgent["stream"],
    pending: async (thread) => {
      if (checkpointer === undefined) throw invalidOption("thread", "asked for where the agent has a checkpointer");
      return (await unfinishedRun(graph, threadKey(scope, thread)))?.pending;
    },
    ask: (async (question: string, asked?: Asked) => {
      for await (const event of events(question, asked)) {
        if (event.type === "done") return event.answer;
        if (event.type !== "approval") continue;
        const what = event.request.kind === "plan" ? "the plan" : "writing from the evidence";
        throw new ClewError(
          "approval-needed",
          `A person has to approve ${what}: look at agent.pending(thread), then ask the same again with a decision.`,
        );
      }
      throw new ClewError("invalid-output", "The run ended without an answer.");
    }) as RetrievalAgent["ask"],
  };
}

function checkedBudget(budget: Budget): Budget {
  checkKeys("budget", budget, budgetKeys);
  checkBudget(budget);
  return Object.fromEntries(Object.entries(budget).filter(([, limit]) => limit !== undefined));
}

/** Under a limit of money, what models cost must be known before they are asked. */
function checkPriced({ usd }: Budget, prices: Prices | undefined, ids: readonly string[]): void {
  const unknown = usd === undefined ? undefined : ids.find((id) => priceOfServed(prices, id) === undefined);
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
