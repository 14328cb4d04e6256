import type { Answer } from "@clew/core";
import { Annotation, END, MemorySaver, START, StateGraph } from "@langchain/langgraph";
import { expect, it } from "vitest";
import { createRetrievalAgent } from "../create-retrieval-agent.js";
import { mortal, optionsOf, question } from "../test/persisted-run.mjs";
import { paidCalls } from "../test/saver-suite.js";

const Outer = Annotation.Root({ question: Annotation<string>(), answer: Annotation<Answer | null>() });
const config = { configurable: { thread_id: "outer" }, durability: "sync" as const };

it.each([4, 9, 14, 19, 24])(
  "inside another graph, outputs are kept by that graph's checkpointer: death after %i writes pays nothing twice",
  async (after) => {
    const saver = new MemorySaver();
    let kept = 0;
    const outerUntil = (writes: number, die: () => void) => {
      const checkpointer = mortal(saver, {
        after: writes,
        wrote: ({ journal }) => {
          if (journal) kept += 1;
        },
        die: () => {
          die();
          return new Promise<never>(() => undefined);
        },
      });
      return new StateGraph(Outer)
        .addNode("look", createRetrievalAgent(optionsOf(undefined, () => undefined)).graph)
        .addEdge(START, "look")
        .addEdge("look", END)
        .compile({ checkpointer });
    };
    const leaving = new AbortController();
    const killed = outerUntil(after, () => leaving.abort(new Error("gone")));
    await expect(killed.invoke({ question }, { ...config, signal: leaving.signal })).rejects.toThrow("gone");
    const whole = outerUntil(Number.POSITIVE_INFINITY, () => undefined);
    const { answer } = await whole.invoke(null, config);
    expect([answer?.status, answer?.usage.calls, kept]).toEqual(["answered", paidCalls, paidCalls]);
    for await (const { values } of whole.getStateHistory(config)) expect(values).not.toHaveProperty("clew-output");
  },
);

it("serves a graph whose state has other names, with the caller's checkpointer and stream", async () => {
  const agent = createRetrievalAgent(optionsOf(undefined, () => undefined));
  const State = Annotation.Root({
    topic: Annotation<string>(),
    found: Annotation<Answer>(),
    reply: Annotation<string>(),
  });
  const graph = new StateGraph(State)
    .addNode("look", async ({ topic }, given) => {
      const { answer } = await agent.graph.invoke({ question: topic }, given);
      return { found: answer! };
    })
    .addNode("write", ({ found }) => ({ reply: `Dear reader, ${found.text}` }))
    .addEdge(START, "look")
    .addEdge("look", "write")
    .addEdge("write", END)
    .compile({ checkpointer: new MemorySaver() });
  const events: string[] = [];
  const updates: string[] = [];
  const stream = await graph.stream(
    { topic: question },
    { ...config, streamMode: ["custom", "updates"], subgraphs: true },
  );
  for await (const [path, mode, chunk] of stream) {
    if (mode === "custom") events.push((chunk as { type: string }).type);
    else if (path.length === 0) updates.push(...Object.keys(chunk));
  }
  expect(events).toEqual(expect.arrayContaining(["query", "hits", "evidence", "sentence", "done"]));
  expect(updates).toEqual(["look", "write"]);
  const { values } = await graph.getState(config);
  expect(Object.keys(values).sort()).toEqual(["found", "reply", "topic"]);
  expect([values.found.status, values.reply]).toEqual(["answered", `Dear reader, ${values.found.text}`]);
});
