import type { Answer } from "@clew/core";
import { scriptedModel } from "@clew/core/testing";
import { type RunnableConfig, RunnableLambda } from "@langchain/core/runnables";
import { tool } from "@langchain/core/tools";
import { Annotation, END, MemorySaver, START, StateGraph } from "@langchain/langgraph";
import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { createAgent } from "langchain";
import { describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod/v4";
import { createRetrievalAgent } from "../create-retrieval-agent.js";
import { createResearcher } from "../researcher/create-researcher.js";
import { openTelemetry } from "../telemetry/open-telemetry.js";
import { chainQuestion, endless, myths } from "../test/myths.js";

const icarus = "Who was the father of Icarus?";
const State = Annotation.Root({
  first: Annotation<string | undefined>(),
  second: Annotation<string | undefined>(),
});
type Node = (config: RunnableConfig) => Promise<string>;

/** A graph of somebody else, which keeps checkpoints and runs two nodes side by side. */
function graphOf(first: Node, second: Node = async () => "") {
  const checkpointer = new MemorySaver();
  const graph = new StateGraph(State)
    .addNode("one", async (_state, config) => ({ first: await first(config as RunnableConfig) }))
    .addNode("two", async (_state, config) => ({ second: await second(config as RunnableConfig) }))
    .addEdge(START, "one")
    .addEdge(START, "two")
    .addEdge("one", END)
    .addEdge("two", END)
    .compile({ checkpointer });
  const namespaces = async (): Promise<unknown[]> => {
    const seen = new Set<unknown>();
    for await (const { config } of checkpointer.list({ configurable: { thread_id: "t" } })) {
      seen.add(config.configurable?.checkpoint_ns);
    }
    return [...seen];
  };
  return { graph, namespaces, config: { configurable: { thread_id: "t" } } };
}
const told = ({ status, question, text }: Answer): string => `${status}: ${question} ${text}`;

describe("a run that is asked for inside somebody else's graph", () => {
  it.each([
    ["without a checkpointer", () => ({ agent: createRetrievalAgent({ retriever: myths() }), thread: undefined })],
    [
      "with a thread of its own",
      () => ({ agent: createRetrievalAgent({ retriever: myths(), checkpointer: new MemorySaver() }), thread: "mine" }),
    ],
  ])("%s is a run of its own, two side by side, whether or not it is handed the node's config", async (_, made) => {
    const { agent, thread } = made();
    const outside = await Promise.all([chainQuestion, icarus].map((question) => agent.ask(question)));
    const { graph, namespaces, config } = graphOf(
      async () => told(await agent.ask(chainQuestion, { thread })),
      async (config) => told(await agent.ask(icarus, { config, thread: thread && `${thread}-2` })),
    );
    const once = await graph.invoke({}, config);
    expect([once.first, once.second]).toEqual(outside.map(told));
    // the caller's thread goes on, and so does the agent's
    const again = await graph.invoke({}, config);
    expect([again.first?.slice(0, 9), again.second?.slice(0, 9)]).toEqual(["answered:", "answered:"]);
    expect(await namespaces()).toEqual([""]);
  });

  it("streams what it streams, though the stream is read elsewhere than it was asked for", async () => {
    const agent = createRetrievalAgent({ retriever: myths() });
    const begun = agent.stream(icarus);
    const read = async (events: AsyncIterable<{ readonly type: string }>): Promise<string> => {
      const types: string[] = [];
      for await (const { type } of events) types.push(type);
      return types.join(" ");
    };
    const { graph, config } = graphOf(
      async () => read(begun),
      async () => read(agent.stream(icarus)),
    );
    const outside = await read(agent.stream(icarus));
    expect(outside).toMatch(/evidence .*done$/);
    const { first, second } = await graph.invoke({}, config);
    expect([first, second]).toEqual([outside, outside]);
  });

  it("is research too", async () => {
    const researcher = createResearcher({ retriever: myths() });
    const outside = await researcher.research(icarus);
    const { graph, namespaces, config } = graphOf(
      async () => (await researcher.research(icarus)).markdown,
      async (config) => (await researcher.research(icarus, { config })).markdown,
    );
    const { first, second } = await graph.invoke({}, config);
    expect([first, second]).toEqual([outside.markdown, outside.markdown]);
    expect(await namespaces()).toEqual([""]);
  });

  it("works in a tool of createAgent that keeps checkpoints, and two of them at once", async () => {
    const agent = createRetrievalAgent({ retriever: myths() });
    const asks = tool(async ({ question }: { question: string }) => told(await agent.ask(question)), {
      name: "asks",
      description: "Asks.",
      schema: z.object({ question: z.string() }),
    });
    const calls = [chainQuestion, icarus].map((question, at) => ({ name: "asks", args: { question }, id: `c${at}` }));
    const model = scriptedModel({ answers: [{ toolCalls: calls }, "Daedalus."] });
    const outer = createAgent({ model, tools: [asks], checkpointer: new MemorySaver() });
    const { messages } = await outer.invoke({ messages: "Who?" }, { configurable: { thread_id: "t" } });
    expect(messages.slice(-3, -1).map(({ text }) => text)).toEqual(
      (await Promise.all([chainQuestion, icarus].map((question) => agent.ask(question)))).map(told),
    );
  });

  it("is under the caller's callbacks, tags and metadata, once each", async () => {
    const seen: unknown[] = [];
    const callbacks = [
      {
        // the arguments of a retriever's start: …, tags, metadata, name
        handleRetrieverStart: (...all: unknown[]) =>
          void seen.push([all[6], (all[4] as string[]).includes("mine"), (all[5] as { who?: string }).who]),
      },
    ];
    const agent = createRetrievalAgent({ retriever: myths() });
    for (const node of [() => agent.ask("Who?"), (config: RunnableConfig) => agent.ask("Who?", { config })]) {
      const { graph, config } = graphOf(async (given) => told(await node(given)));
      await graph.invoke({}, { ...config, callbacks, tags: ["mine"], metadata: { who: "amy" } });
    }
    const searches = (await agent.ask("Who?")).hops.length;
    expect(seen).toEqual(Array.from({ length: 2 * searches }, () => ["myths", true, "amy"]));
  });

  it("ends with the caller, though nobody hands its signal on", async () => {
    const { retriever, searching } = endless();
    const agent = createRetrievalAgent({ retriever });
    const leaving = new AbortController();
    let ended: unknown;
    const { graph, config } = graphOf(async () => {
      try {
        return told(await agent.ask("Who?"));
      } catch (error) {
        ended = error;
        throw error;
      }
    });
    const running = graph.invoke({}, { ...config, signal: leaving.signal });
    const signal = await searching;
    leaving.abort(new Error("enough"));
    await expect(running).rejects.toThrow();
    expect(signal?.aborted).toBe(true);
    await expect.poll(() => ended).toBeInstanceOf(Error);
  });

  it("lies under the span that is active in the node", async () => {
    const manager = new AsyncLocalStorageContextManager().enable();
    context.setGlobalContextManager(manager);
    onTestFinished(() => {
      context.disable();
      manager.disable();
    });
    const exporter = new InMemorySpanExporter();
    const tracer = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).getTracer("t");
    const agent = createRetrievalAgent({ retriever: myths(), telemetry: await openTelemetry({ tracer }) });
    const node = (name: string, question: string): Node => {
      return async () =>
        tracer.startActiveSpan(name, async (span) => {
          const said = told(await agent.ask(question));
          span.end();
          return said;
        });
    };
    const { graph, config } = graphOf(node("one", chainQuestion), node("two", icarus));
    await graph.invoke({}, config);
    const spans = exporter.getFinishedSpans();
    const parents = spans
      .filter(({ name }) => name === "invoke_agent clew")
      .map(
        ({ parentSpanContext }) => spans.find((one) => one.spanContext().spanId === parentSpanContext?.spanId)?.name,
      );
    expect(parents.sort()).toEqual(["one", "two"]);
    expect(trace.getActiveSpan()).toBeUndefined();
  });

  it("is nothing new in a plain chain", async () => {
    const agent = createRetrievalAgent({ retriever: myths() });
    const chain = RunnableLambda.from(async (question: string) => told(await agent.ask(question)));
    expect(await chain.invoke(icarus)).toBe(told(await agent.ask(icarus)));
  });
});
