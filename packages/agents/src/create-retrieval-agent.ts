import { ClewError, checkKeys, invalidOption, raceSignal, type Spans } from "@clew/core";
import { Command } from "@langchain/langgraph";
import type { z } from "zod/v4";
import type { AgentEvent } from "./agent-event.js";
import { settleAgent } from "./agent-parts.js";
import { type ApprovalDecision, checkDecision } from "./approval.js";
import { checkPriced, checkRun } from "./check-run.js";
import { buildGraph, type RetrievalGraph } from "./graph/build-graph.js";
import { stepsOf } from "./graph/look-nodes.js";
import type { RunOptions, RunUpdate } from "./graph/run-state.js";
import { threadKey } from "./graph/thread-key.js";
import { isSameQuestion, lastEvent, unfinishedRun } from "./graph/unfinished-run.js";
import type { AskOptions, RetrievalAgent, RetrievalAgentOptions } from "./retrieval-agent.js";
import { formOf } from "./structured/form-of.js";
import { leafCheck } from "./structured/leaf-check.js";
import { structuredAnswer } from "./structured/structured-answer.js";
import { tracedContext } from "./telemetry/traced.js";
import { tellAnswer, tracedRun } from "./telemetry/traced-run.js";
import { ownRun } from "./tools/own-run.js";
import { type AgentAnswer, withBundle } from "./with-bundle.js";

/** Longest question, in UTF-16 code units: reading one takes time that no signal ends. */
const longestQuestion = 100_000;
const askKeys = ["thread", "decision", "signal", "conversation", "budget", "filter", "k", "config", "schema"];

/**
 * Makes an agent over a retriever, or over several.
 *
 * @throws ClewError `invalid-option` for an option that is unknown, missing or out of range
 */
export function createRetrievalAgent(options: RetrievalAgentOptions): RetrievalAgent {
  const { parts, modelIds } = settleAgent(options);
  const { scope, approve, prices, traces, budget: limits } = parts;
  const { checkpointer } = options;
  const limited = { recursionLimit: stepsOf(limits.hops) };
  const graph = buildGraph(parts, checkpointer).withConfig(limited) as RetrievalGraph;
  // of a question without a thread nothing could ever be resumed
  const passing = checkpointer === undefined ? graph : (buildGraph(parts).withConfig(limited) as RetrievalGraph);

  type Asked = AskOptions & { readonly schema?: z.core.$ZodType | undefined };

  /** The events of a run of its own, which shows under what is active now, whenever they are read. */
  function seen(question: string, asked: Asked = {}): AsyncGenerator<AgentEvent<AgentAnswer>, void, undefined> {
    return ownRun(asked.config ?? {}, (config, outer) => {
      const own = { ...asked, config };
      const around = parts.telemetry?.here();
      if (around === undefined) return events(question, own, outer);
      return tracedRun({
        ...{ agent: "clew", around, question, thread: asked.thread, policy: parts.policy.id, tell: tellAnswer },
        run: (spans) => events(question, own, outer, spans),
      });
    });
  }

  async function* events(
    question: string,
    asked: Asked,
    around: AbortSignal | undefined,
    spans?: Spans,
  ): AsyncGenerator<AgentEvent<AgentAnswer>, void, undefined> {
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
    const run: RunOptions = { ...checkRun(rest), ...(form === undefined ? {} : { form }) };
    checkPriced(run.budget ?? {}, prices, modelIds);
    if (thread !== undefined && checkpointer === undefined) {
      throw invalidOption("thread", "left out where the agent has no checkpointer: give createRetrievalAgent one");
    }
    if (thread === undefined && approve.size > 0) throw invalidOption("thread", "given where a person approves");
    if (thread === undefined && decision !== undefined) throw invalidOption("thread", "given with a decision");
    const { signal: configSignal, ...handed } = config;
    const outer = [signal, configSignal, around].filter((one) => one !== undefined);
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
      context: {
        ...(schema === undefined ? {} : { checkLeaf: leafCheck(schema) }),
        ...(spans === undefined ? {} : tracedContext(parts, spans)),
      },
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
        yield { type: "done", answer: withBundle(await structuredAnswer(done.answer, schema, form)) };
      } else if (done?.type === "done") yield { ...done, answer: withBundle(done.answer) };
      else if (done !== undefined) yield done;
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
    stream: seen as RetrievalAgent["stream"],
    feedback: async (answer, feedback, asked) => {
      if (traces === undefined)
        throw invalidOption("traces", "given to createRetrievalAgent before feedback can be kept");
      return traces.feedback(scope, answer, feedback, asked);
    },
    pending: async (thread) => {
      if (checkpointer === undefined) throw invalidOption("thread", "asked for where the agent has a checkpointer");
      return (await unfinishedRun(graph, threadKey(scope, thread)))?.pending;
    },
    ask: (async (question: string, asked?: Asked) => {
      for await (const event of seen(question, asked)) {
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
