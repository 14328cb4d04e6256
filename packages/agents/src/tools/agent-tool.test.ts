import { type Answer, scope } from "@clew/core";
import { aHit, aPassage, faultyRetriever, fixedRuntime, scriptedModel } from "@clew/core/testing";
import { ToolMessage } from "@langchain/core/messages";
import { MemorySaver } from "@langchain/langgraph";
import { createAgent } from "langchain";
import { describe, expect, it } from "vitest";
import { createRetrievalAgent } from "../create-retrieval-agent.js";
import type { AskOptions } from "../retrieval-agent.js";
import { chainQuestion, myths } from "../test/myths.js";
import { type AgentToolEvent, agentTool } from "./agent-tool.js";

const named = { name: "ask_myths", description: "Answers questions about Greek myths." };
const call = (args: Record<string, unknown>, id = "c1") => ({
  name: "ask_myths",
  args,
  id,
  type: "tool_call" as const,
});
const agent = createRetrievalAgent({ retriever: myths() });

describe("agentTool", () => {
  it("hands a model the answer with numbered citations, fenced, and the caller the whole Answer", async () => {
    const tool = agentTool(agent, { ...named, runtime: fixedRuntime() });
    const message: ToolMessage = await tool.invoke(call({ question: chainQuestion }));
    const answer: Answer = message.artifact;
    expect(answer).toMatchObject({ status: "answered", question: chainQuestion });
    expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
    const text = message.text;
    expect(text).toMatch(/^Status: answered\./);
    expect(text).toMatch(/<<<answer (\w+)\n[\s\S]*Daedalus[\s\S]*\[\d\][\s\S]*\n>>>end answer \1/);
    for (const [at, { quote, source }] of answer.citations.entries()) {
      expect(text).toContain(`[${at + 1}] `);
      expect(text).toContain(quote.replace(/\s+/g, " "));
      expect(text).toContain(source);
    }
  });

  it("says that there is no answer where there is none", async () => {
    const message: ToolMessage = await agentTool(agent, named).invoke(call({ question: "What melts tungsten?" }));
    expect(message.artifact.status).toBe("abstained");
    expect(message.text).toMatch(/^Status: abstained\. The sources hold no answer/);
  });

  it("lets a model fill in the question alone", async () => {
    const tool = agentTool(agent, named);
    for (const extra of ["scope", "tenant", "principals", "budget", "filter", "k", "thread", "signal", "schema"]) {
      await expect(tool.invoke(call({ question: chainQuestion, [extra]: { tenant: "globex" } }))).rejects.toThrow(
        /Unrecognized key/,
      );
    }
  });

  it("opens the fields that the developer names, and those only narrow", async () => {
    const seen: unknown[] = [];
    const passage = aPassage({ id: "p1", text: "The Labyrinth was built by Daedalus.", metadata: { year: 2023 } });
    const retriever = faultyRetriever({ hits: [aHit({ id: "p1" })].map((hit) => ({ ...hit, passage })) });
    const tool = agentTool(
      {
        stream: (question: string, options?: AskOptions) => {
          seen.push(options?.filter);
          return createRetrievalAgent({ retriever, scope: scope("acme") }).stream(question, options);
        },
      } as typeof agent,
      {
        ...named,
        filter: { kind: "myth" },
        filterFields: {
          year: { about: "year of the edition", type: "number" },
          hand: { about: "who", oneOf: ["a", "b"] },
        },
      },
    );
    const ask = (filter: unknown) => tool.invoke(call({ question: "Who built it?", filter })).catch((e: Error) => e);
    for (const wrong of [{ year: { $gt: 0 } }, { kind: "other" }, { $or: [] }, { hand: "c" }, { year: "2023" }]) {
      expect(((await ask(wrong)) as Error).message).toContain("did not match expected schema");
    }
    expect(seen).toEqual([]);
    await ask({ year: 2023, hand: null });
    await ask(null);
    expect(seen).toEqual([{ $and: [{ kind: "myth" }, { year: { $eq: 2023 } }] }, { kind: "myth" }]);
  });

  it("keeps a budget for each call", async () => {
    const tool = agentTool(agent, { ...named, budget: { hops: 1 } });
    for (const id of ["c1", "c2"]) {
      const message: ToolMessage = await tool.invoke(call({ question: chainQuestion }, id));
      expect(Math.max(...(message.artifact as Answer).hops.map(({ hop }) => hop))).toBe(1);
    }
    expect(() => agentTool(agent, { ...named, budget: { hops: -1 } })).toThrow(/hops/);
    expect(() => agentTool(agent, { ...named, name: "no spaces" })).toThrow(/"name"/);
  });

  it("is called by createAgent, twice side by side, and leaves nothing of its own in the caller's thread", async () => {
    const model = scriptedModel({
      answers: [
        {
          toolCalls: [
            { name: "ask_myths", args: { question: chainQuestion }, id: "a" },
            { name: "ask_myths", args: { question: "Who was the father of Icarus?" }, id: "b" },
          ],
        },
        "Daedalus [1].",
      ],
    });
    const checkpointer = new MemorySaver();
    const outer = createAgent({ model, tools: [agentTool(agent, named)], checkpointer });
    const config = { configurable: { thread_id: "t" } };
    const events: AgentToolEvent[] = [];
    for await (const event of await outer.stream(
      { messages: [{ role: "user", content: "Who built it, and whose father was he?" }] },
      { ...config, streamMode: "custom" },
    )) {
      events.push(event as AgentToolEvent);
    }
    expect(new Set(events.map(({ tool, event }) => `${tool} ${event.type}`))).toContain("ask_myths evidence");
    const { messages } = (await outer.graph.getState(config)).values;
    const results = messages.filter((one: unknown) => ToolMessage.isInstance(one));
    expect(results.map(({ tool_call_id, status }: ToolMessage) => [tool_call_id, status])).toEqual([
      ["a", "success"],
      ["b", "success"],
    ]);
    expect(results.map(({ artifact }: ToolMessage) => artifact.question)).toEqual([
      chainQuestion,
      "Who was the father of Icarus?",
    ]);
    const namespaces = new Set<string>();
    for await (const { config: at } of checkpointer.list({ configurable: { thread_id: "t" } })) {
      namespaces.add(at.configurable?.checkpoint_ns);
    }
    expect([...namespaces]).toEqual([""]);
  });

  it("hands signal and callbacks on", async () => {
    const leaving = new AbortController();
    const names: string[] = [];
    let open: AbortSignal | undefined;
    const slow = createRetrievalAgent({
      retriever: myths({
        before: (_query, signal) => {
          open = signal;
          queueMicrotask(() => leaving.abort(new Error("enough")));
          return new Promise(() => undefined);
        },
      }),
    });
    const tool = agentTool(slow, named);
    const callbacks = [{ handleRetrieverStart: (...all: unknown[]) => void names.push(String(all[6])) }];
    await expect(tool.invoke(call({ question: chainQuestion }), { signal: leaving.signal, callbacks })).rejects.toThrow(
      "enough",
    );
    expect([names, open?.aborted]).toEqual([["myths"], true]);
  });

  it("shows no key of a failure", async () => {
    const failing = {
      // biome-ignore lint/correctness/useYield: it fails before the first event
      stream: async function* () {
        throw new Error(
          "401 from https://me:hunter2@example.test/x?key=abc, Authorization: Bearer sk-1234567890abcdef1234",
        );
      },
    } as unknown as typeof agent;
    const model = scriptedModel({
      answers: [{ toolCalls: [{ name: "ask_myths", args: { question: "Who?" } }] }, "No."],
    });
    const { messages } = await createAgent({ model, tools: [agentTool(failing, named)] }).invoke({ messages: "Who?" });
    const result = messages.find((one) => ToolMessage.isInstance(one)) as ToolMessage;
    expect(result.status).toBe("error");
    expect(result.text).toContain("401");
    expect(result.text).not.toMatch(/hunter2|abc|sk-/);
  });
});
