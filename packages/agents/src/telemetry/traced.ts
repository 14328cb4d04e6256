import { ClewError, type SpanAttributes, type Spans } from "@clew/core";
import { isGraphInterrupt, type LangGraphRunnableConfig } from "@langchain/langgraph";
import type { Telemetry } from "./telemetry.js";

/** Of an agent's parts, what is needed to show its runs; its identity is the agent's. */
interface TracedParts {
  readonly telemetry?: Telemetry | undefined;
}

/** The spans of a run, handed from node to node in the context of its graph, which no checkpoint keeps. */
interface TracedContext {
  readonly traced?: { readonly parts: TracedParts; readonly spans: Spans } | undefined;
}

/** What the context of a graph holds so that its nodes' spans lie under a run's own. */
export const tracedContext = (parts: TracedParts, spans: Spans): TracedContext => ({ traced: { parts, spans } });

/** The spans that a node was given for what it does; undefined where nobody looks, or those of another agent's graph. */
export function spansOf(parts: TracedParts, { context }: LangGraphRunnableConfig): Spans | undefined {
  const { traced } = (context ?? {}) as TracedContext;
  return traced?.parts === parts ? traced.spans : undefined;
}

/**
 * Where the runs of a graph show that a node runs within its own: under that node.
 *
 * @returns undefined where nobody looks
 */
export function nestedTelemetry(parts: TracedParts, config: LangGraphRunnableConfig): Telemetry | undefined {
  const { telemetry } = parts;
  const spans = spansOf(parts, config);
  return telemetry === undefined || spans === undefined ? telemetry : { here: () => ({ ...telemetry.here(), spans }) };
}

/**
 * A node within a span of its name: under the run that it belongs to, or, where the graph is part of another, under what is
 * active. A node that waits for a person has not failed.
 */
export function traced<State, Update extends object>(
  parts: TracedParts,
  name: string,
  node: (state: State, config: LangGraphRunnableConfig) => Promise<Update>,
  attributesOf: (state: State) => SpanAttributes = () => ({}),
): (state: State, config: LangGraphRunnableConfig) => Promise<Update> {
  const { telemetry } = parts;
  if (telemetry === undefined) return node;
  return async (state, config) => {
    const spans = spansOf(parts, config) ?? telemetry.here().spans;
    const { run } = state as { readonly run?: string | undefined };
    const known = { "clew.node": name, ...attributesOf(state) };
    // what begins still has the state of the run before
    const start = { name, attributes: name === "begin" ? known : { ...known, "clew.run.id": run } };
    let waits: unknown;
    const update = await spans.within(start, async (span) => {
      const context = { ...config.context, ...tracedContext(parts, span.spans) };
      try {
        return await node(state, { ...config, context });
      } catch (error) {
        if (!isGraphInterrupt(error)) throw error;
        span.set({ "clew.waiting": true });
        waits = error;
        return undefined;
      }
    });
    if (waits !== undefined) throw waits;
    if (update === undefined) throw new ClewError("invalid-output", `The node ${name} gave no update.`);
    return update;
  };
}
