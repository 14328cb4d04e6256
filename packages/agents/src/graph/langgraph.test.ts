import { scope } from "@clew/core";
import { analyzer } from "@clew/core/text";
import { Annotation, END, type LangGraphRunnableConfig, MemorySaver, START, StateGraph } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { isRepeated } from "../is-repeated.js";
import { threadKey } from "./thread-key.js";

// what the agent relies on in LangGraph, so that an upgrade that changes it fails here first
describe("LangGraph", () => {
  const State = Annotation.Root({ n: Annotation<number>(), note: Annotation<string | undefined>() });
  const counting = (limit: number, seen: object[] = []) =>
    new StateGraph(State)
      .addNode("step", (state, config: LangGraphRunnableConfig) => {
        seen.push({ limit: config.recursionLimit, writer: typeof config.writer });
        config.writer?.({ n: state.n });
        return { n: state.n + 1 };
      })
      .addEdge(START, "step")
      .addConditionalEdges("step", ({ n }) => (n < limit ? "step" : END), ["step", END]);

  it("shows a node the recursion limit of its run, and needs one more than the supersteps made", async () => {
    const seen: { limit?: number }[] = [];
    await counting(30, seen).compile().withConfig({ recursionLimit: 40 }).invoke({ n: 0 });
    expect(seen[0]).toEqual({ limit: 40, writer: "function" });
    await expect(counting(30).compile().invoke({ n: 0 }, { recursionLimit: 30 })).rejects.toThrow(/recursion limit/i);
    await expect(counting(30).compile().invoke({ n: 0 }, { recursionLimit: 31 })).resolves.toMatchObject({ n: 30 });
  });

  it("streams what a node writes, in order", async () => {
    const events: unknown[] = [];
    for await (const event of await counting(3).compile().stream({ n: 0 }, { streamMode: "custom" }))
      events.push(event);
    expect(events).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }]);
  });

  it("rejects with the signal's own reason, and can be resumed with null", async () => {
    const leaving = new AbortController();
    const reason = new Error("gone");
    let wait = true;
    const graph = new StateGraph(State)
      .addNode("first", () => ({ n: 1 }))
      .addNode("second", async ({ n }, { signal }) => {
        if (wait) await new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
        return { n: n + 1 };
      })
      .addEdge(START, "first")
      .addEdge("first", "second")
      .addEdge("second", END)
      .compile({ checkpointer: new MemorySaver() });
    const config = { configurable: { thread_id: "t" } };
    setTimeout(() => leaving.abort(reason), 10);
    await expect(graph.invoke({ n: 0 }, { ...config, signal: leaving.signal })).rejects.toBe(reason);
    expect((await graph.getState(config)).next).toEqual(["second"]);
    wait = false;
    await expect(graph.invoke(null, config)).resolves.toMatchObject({ n: 2 });
  });
});

it("a thread's key differs with tenant, principals and name", () => {
  const keys = [
    threadKey(scope("a"), "t"),
    threadKey(scope("b"), "t"),
    threadKey(scope("a", { principals: [] }), "t"),
    threadKey(scope("a", { principals: ["p"] }), "t"),
    threadKey(scope("a"), "u"),
  ];
  expect(new Set(keys).size).toBe(keys.length);
  expect(threadKey(scope("a"), "t")).toBe(keys[0]);
});

it("queries count as repeated by their terms, not their words", () => {
  const repeated = (query: string, earlier: string[]) => isRepeated(query, earlier, analyzer());
  expect(repeated("Who built the Labyrinth?", ["who built: the labyrinths"])).toBe(true);
  expect(repeated("Who built the Labyrinth?", ["Who built the Labyrinth of Crete?"])).toBe(false);
  expect(repeated("??", ["??"])).toBe(true);
  expect(repeated("??", ["Who?"])).toBe(false);
});
