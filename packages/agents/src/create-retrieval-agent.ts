import { ClewError, invalidOption, type Spans } from "@clew/core";
import type { AgentEvent } from "./agent-event.js";
import { settleAgent } from "./agent-parts.js";
import { type Asked, checkAsk } from "./check-ask.js";
import { buildGraph, type RetrievalGraph } from "./graph/build-graph.js";
import { driveGraph } from "./graph/drive-graph.js";
import { stepsOf } from "./graph/look-nodes.js";
import { openRuns } from "./graph/open-runs.js";
import { threadInput } from "./graph/thread-input.js";
import { threadKey } from "./graph/thread-key.js";
import { lastEvent, unfinishedRun } from "./graph/unfinished-run.js";
import type { RetrievalAgent, RetrievalAgentOptions } from "./retrieval-agent.js";
import { leafCheck } from "./structured/leaf-check.js";
import { structuredAnswer } from "./structured/structured-answer.js";
import { tracedContext } from "./telemetry/traced.js";
import { tellAnswer, tracedRun } from "./telemetry/traced-run.js";
import { ownRun } from "./tools/own-run.js";
import { type AgentAnswer, withBundle } from "./with-bundle.js";

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
    outer: AbortSignal | undefined,
    spans?: Spans,
  ): AsyncGenerator<AgentEvent<AgentAnswer>, void, undefined> {
    const { run, form } = checkAsk(question, asked, { approve, prices, modelIds, keeps: checkpointer !== undefined });
    const { thread, decision, signal, config = {}, schema } = asked;
    const key = thread === undefined ? undefined : threadKey(scope, thread);
    const driven = driveGraph<AgentEvent>({
      ...{ config, key, signals: [signal, outer], open: openRuns(parts) },
      recursionLimit: stepsOf(run.budget?.hops ?? limits.hops),
      context: {
        ...(schema === undefined ? {} : { checkLeaf: leafCheck(schema) }),
        ...(spans === undefined ? {} : tracedContext(parts, spans)),
      },
      start: async () =>
        key === undefined
          ? { graph: passing, input: { question, options: run } }
          : { graph, input: await threadInput(graph, key, { question, run, decision }) },
      last: (ended) => lastEvent(graph, ended),
      noted: (note) => ({ type: "note", note }),
    });
    for await (const event of driven) {
      if (event.type !== "done") yield event;
      else if (schema === undefined || form === undefined) yield { ...event, answer: withBundle(event.answer) };
      else yield { type: "done", answer: withBundle(await structuredAnswer(event.answer, schema, form)) };
    }
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
