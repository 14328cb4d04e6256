import { scope } from "@clew/core";
import { fixedRuntime } from "@clew/core/testing";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { createRetrievalAgent } from "./create-retrieval-agent.js";
import { chainQuestion, myths } from "./test/myths.js";

describe("threads", () => {
  it("resolves a follow-up against the turn before, and forgets nothing else", async () => {
    const agent = createRetrievalAgent({ retriever: myths(), checkpointer: new MemorySaver() });
    await agent.ask("Who was Daedalus?", { thread: "t" });
    const second = await agent.ask("Who was his son?", { thread: "t" });
    expect(second.hops[0]?.query).toContain("Daedalus");
    expect(second.hops[0]?.hop).toBe(1);
    const alone = await agent.ask("Who was his son?", { thread: "other" });
    expect(alone.hops[0]?.query).not.toContain("Daedalus");
  });

  it("never goes on with a thread of another tenant", async () => {
    const checkpointer = new MemorySaver();
    const agentOf = (tenant: string) =>
      createRetrievalAgent({ retriever: myths({ scope: scope(tenant) }), checkpointer });
    await agentOf("acme").ask("Who was Daedalus?", { thread: "t" });
    const other = await agentOf("rival").ask("Who was his son?", { thread: "t" });
    expect(other.hops[0]?.query).not.toContain("Daedalus");
    // a thread id that the caller of the graph chose by hand changes nothing
    const config = { configurable: { thread_id: "by-hand" } };
    await agentOf("acme").graph.invoke({ question: "Who was Daedalus?" }, config);
    const { answer } = await agentOf("rival").graph.invoke({ question: "Who was his son?" }, config);
    expect(answer?.hops[0]?.query).not.toContain("Daedalus");
  });

  it("resumes a run that was broken off, with the same answer and no finished round made twice", async () => {
    const leaving = new AbortController();
    const queries: string[] = [];
    let broken = false;
    const retriever = myths({
      before: (query) => {
        if (queries.length > 0 && !broken) {
          broken = true;
          leaving.abort(new Error("killed"));
          throw new Error("killed");
        }
        queries.push(query);
      },
    });
    const agent = createRetrievalAgent({ retriever, checkpointer: new MemorySaver(), runtime: fixedRuntime() });
    await expect(agent.ask(chainQuestion, { thread: "t", signal: leaving.signal })).rejects.toThrow("killed");
    const resumed = await agent.ask(chainQuestion, { thread: "t" });
    const whole = await createRetrievalAgent({ retriever: myths(), runtime: fixedRuntime() }).ask(chainQuestion);
    expect(resumed.text).toBe(whole.text);
    expect(queries.filter((query) => query === chainQuestion)).toHaveLength(1);
  });

  it("keeps its state as plain JSON, the texts once", async () => {
    const checkpointer = new MemorySaver();
    const agent = createRetrievalAgent({ retriever: myths(), checkpointer });
    const config = { configurable: { thread_id: "x" } };
    await agent.graph.invoke({ question: chainQuestion }, config);
    for await (const { values } of agent.graph.getStateHistory(config)) {
      expect(JSON.parse(JSON.stringify(values))).toEqual(values);
      const { answer: _, conversation: __, attempts: ___, trace: ____, ...state } = values;
      expect(JSON.stringify(state).split("It was built by Daedalus").length).toBeLessThanOrEqual(2);
    }
  });
});
