import { type Answer, ClewError, openTrace, scope } from "@clew/core";
import { Annotation, Command, END, MemorySaver, START, StateGraph } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import type { AgentEvent } from "./agent-event.js";
import type { ApprovalDecision, ApprovalPoint } from "./approval.js";
import { createRetrievalAgent } from "./create-retrieval-agent.js";
import type { RunUpdate } from "./graph/run-state.js";
import type { RetrievalAgentOptions } from "./retrieval-agent.js";
import { chainQuestion, myths } from "./test/myths.js";

const thread = "t";

/** An agent that asks a person, and the queries that it made. */
function asking(approve: readonly ApprovalPoint[], options: Partial<RetrievalAgentOptions> = {}) {
  const queries: string[] = [];
  const retriever = myths({ before: (query) => queries.push(query) });
  const agent = createRetrievalAgent({ retriever, checkpointer: new MemorySaver(), approve, ...options });
  return { agent, queries };
}

const needed = (asked: Promise<Answer>) =>
  expect(asked).rejects.toSatisfy((error) => ClewError.isInstance(error) && error.code === "approval-needed");

const decisions = ({ trace }: Answer) =>
  openTrace(trace)
    .filter(({ kind }) => kind === "decision")
    .map(({ data }) => data);

describe("approve", () => {
  it("waits before the first search with the plan, and goes on when it is approved, in another process too", async () => {
    const checkpointer = new MemorySaver();
    const { agent, queries } = asking(["plan"], { checkpointer });
    const events: AgentEvent[] = [];
    for await (const event of agent.stream(chainQuestion, { thread })) events.push(event);
    expect(events.map(({ type }) => type)).toEqual(["route", "plan", "approval"]);
    const request = await agent.pending(thread);
    expect(events.at(-1)).toEqual({ type: "approval", request });
    expect(request).toMatchObject({ kind: "plan", question: chainQuestion });
    expect(queries).toEqual([]);
    const other = asking(["plan"], { checkpointer }).agent;
    const answer = await other.ask(chainQuestion, { thread, decision: { approve: true } });
    expect(answer.status).toBe("answered");
    expect(decisions(answer)).toEqual([{ on: "plan", by: "person", approve: true }]);
    expect(await agent.pending(thread)).toBeUndefined();
  });

  it("waits again, without planning again, until somebody decides", async () => {
    const { agent } = asking(["plan"]);
    await needed(agent.ask(chainQuestion, { thread }));
    await needed(agent.ask(chainQuestion, { thread }));
    const answer = await agent.ask(chainQuestion, { thread, decision: { approve: true } });
    expect(openTrace(answer.trace).filter(({ kind }) => kind === "plan")).toHaveLength(1);
  });

  it("searches by the plan of the person, made safe, and says so", async () => {
    const { agent, queries } = asking(["plan"]);
    await needed(agent.ask(chainQuestion, { thread }));
    const plan = { subQuestions: [{ id: "q1", question: "Who built the Labyrinth?", dependsOn: ["q7"] }] };
    const answer = await agent.ask(chainQuestion, { thread, decision: { plan } });
    expect(queries[0]).toBe("Who built the Labyrinth?");
    expect(answer.notes.map(({ code }) => code)).toEqual(expect.arrayContaining(["person-decided", "repaired"]));
    expect(decisions(answer)).toEqual([{ on: "plan", by: "person", plan }]);
    expect(answer.text).toContain("Daedalus");
  });

  it("shows the evidence before anything is written from it", async () => {
    const { agent } = asking(["write"]);
    const types: string[] = [];
    for await (const { type } of agent.stream(chainQuestion, { thread })) types.push(type);
    expect(types.at(-1)).toBe("approval");
    expect(types).not.toContain("draft");
    const request = await agent.pending(thread);
    if (request?.kind !== "write") throw new Error("nothing waits");
    expect(request.evidence.map(({ passage }) => passage.text)).toContainEqual(
      expect.stringContaining("built by Daedalus"),
    );
    const answer = await agent.ask(chainQuestion, { thread, decision: { approve: true } });
    expect(answer.status).toBe("answered");
    expect(answer.evidence).toEqual(request.evidence);
  });

  it("asks at both places, one after the other", async () => {
    const { agent } = asking(["plan", "write"]);
    await needed(agent.ask(chainQuestion, { thread }));
    await needed(agent.ask(chainQuestion, { thread, decision: { approve: true } }));
    expect((await agent.pending(thread))?.kind).toBe("write");
    const answer = await agent.ask(chainQuestion, { thread, decision: { approve: true } });
    expect(decisions(answer)).toHaveLength(2);
  });

  it.each<[ApprovalPoint, number]>([
    ["plan", 0],
    ["write", 1],
  ])("abstains with a note when a person rejects at %s", async (point, searches) => {
    const { agent, queries } = asking([point]);
    await needed(agent.ask(chainQuestion, { thread }));
    const answer = await agent.ask(chainQuestion, { thread, decision: { reject: "too costly" } });
    expect([answer.status, answer.citations]).toEqual(["abstained", []]);
    expect(answer.notes).toContainEqual(
      expect.objectContaining({ code: "person-decided", detail: { on: point, approved: false } }),
    );
    expect(answer.notes.at(-1)?.message).toContain("too costly");
    expect(queries.length > 0).toBe(searches > 0);
    // the thread goes on
    await needed(agent.ask("Who was Daedalus?", { thread }));
  });

  it("asks nobody where nothing is looked up", async () => {
    expect((await asking(["plan", "write"]).agent.ask("Hello!", { thread })).status).toBe("answered");
  });

  it("waits and resumes by LangGraph's own means, also inside another graph", async () => {
    const { graph } = asking(["plan"]).agent;
    const config = { configurable: { thread_id: "by-hand" } };
    const paused = (await graph.invoke({ question: chainQuestion }, config)) as object;
    expect(paused).toMatchObject({ __interrupt__: [{ value: { kind: "plan" } }] });
    const wrong = new Command<unknown, RunUpdate, never>({ resume: { approve: "perhaps" } });
    await expect(graph.invoke(wrong, config)).rejects.toThrow();
    const yes = new Command<unknown, RunUpdate, never>({ resume: { approve: true } });
    expect((await graph.invoke(yes, config)).answer?.status).toBe("answered");

    const Outer = Annotation.Root({ question: Annotation<string>(), answer: Annotation<Answer | null>() });
    const outer = new StateGraph(Outer)
      .addNode("look", asking(["plan"]).agent.graph)
      .addEdge(START, "look")
      .addEdge("look", END)
      .compile({ checkpointer: new MemorySaver() });
    await outer.invoke({ question: chainQuestion }, config);
    const { answer } = await outer.invoke(new Command({ resume: { reject: "no" } }), config);
    expect(answer?.status).toBe("abstained");
  });

  it("keeps what waits from other tenants", async () => {
    const checkpointer = new MemorySaver();
    await needed(asking(["plan"], { checkpointer }).agent.ask(chainQuestion, { thread }));
    const rival = createRetrievalAgent({
      retriever: myths({ scope: scope("rival") }),
      checkpointer,
      approve: ["plan"],
    });
    expect(await rival.pending(thread)).toBeUndefined();
  });

  describe("refuses", () => {
    const invalid = (asked: Promise<unknown>, naming: string) =>
      expect(asked).rejects.toSatisfy(
        (error) => ClewError.isInstance(error) && error.code === "invalid-option" && error.message.includes(naming),
      );

    it("approval without a checkpointer, and of steps that there are not", () => {
      const retriever = myths();
      const code = expect.objectContaining({ code: "invalid-option" });
      expect(() => createRetrievalAgent({ retriever, approve: ["plan"] })).toThrow(code);
      expect(() =>
        createRetrievalAgent({ retriever, checkpointer: new MemorySaver(), approve: ["grade"] as never }),
      ).toThrow(code);
      expect(() => createRetrievalAgent({ retriever, approve: [] })).not.toThrow();
    });

    it.each<[string, unknown, string]>([
      ["no decision at all", { aprove: true }, "decision"],
      ["a decision that is none", { approve: false }, "decision"],
      ["a plan of another form", { plan: { subQuestions: ["Who?"] } }, "decision"],
      ["an empty plan", { plan: { subQuestions: [] } }, "decision"],
    ])("%s", async (_, decision, naming) => {
      const { agent } = asking(["plan"]);
      await needed(agent.ask(chainQuestion, { thread }));
      await invalid(agent.ask(chainQuestion, { thread, decision: decision as ApprovalDecision }), naming);
      expect((await agent.pending(thread))?.kind).toBe("plan");
    });

    it("a question without a thread, and a decision on nothing", async () => {
      const { agent } = asking(["plan"]);
      await invalid(agent.ask(chainQuestion), "thread");
      await invalid(agent.ask(chainQuestion, { thread, decision: { approve: true } }), "decision");
      await needed(agent.ask(chainQuestion, { thread }));
      await invalid(agent.ask("Another?", { thread, decision: { approve: true } }), "decision");
      await invalid(agent.ask(chainQuestion, { thread, k: 3, decision: { approve: true } }), "decision");
    });

    it("a plan where the writing waits", async () => {
      const { agent } = asking(["write"]);
      await needed(agent.ask(chainQuestion, { thread }));
      const plan = { subQuestions: [{ id: "q1", question: "Who?", dependsOn: [] }] };
      await invalid(agent.ask(chainQuestion, { thread, decision: { plan } }), "decision");
    });
  });
});
