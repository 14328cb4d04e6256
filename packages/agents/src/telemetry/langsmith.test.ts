import { awaitAllCallbacks } from "@langchain/core/callbacks/promises";
import { BaseTracer, type Run } from "@langchain/core/tracers/base";
import { ChatOpenAI } from "@langchain/openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRetrievalAgent } from "../create-retrieval-agent.js";
import { myths } from "../test/myths.js";
import { numberOf, questionOf, wiseChat } from "../test/numbered-runs.js";
import { type OpenAiServer, openAiServer } from "../test/openai-server.js";

const key = "sk-abcdefghijklmnopqrstuv";

/** Gathers run trees as LangSmith's tracer does, and sends them nowhere. */
class Gathering extends BaseTracer {
  readonly name = "gathering";
  readonly roots: Run[] = [];
  protected override async persistRun(run: Run): Promise<void> {
    this.roots.push(run);
  }
}

/** The others are LangGraph's own: what it writes to its channels, which way it goes. */
const shown = (runs: readonly Run[]): Run[] =>
  runs.filter(({ name, tags = [] }) => name !== "RunnableLambda" && !tags.includes("langsmith:hidden"));
const all = (run: Run): Run[] => [run, ...run.child_runs.flatMap(all)];
const nodes = ["begin", "route", "plan", "retrieve", "grade", "write", "verify", "finish"];
const models: Readonly<Record<string, string>> = { route: "router", plan: "planner", grade: "grader", write: "writer" };

describe("the runs that LangChain's callbacks see", () => {
  let server: OpenAiServer;
  beforeAll(async () => {
    server = await openAiServer({
      answer: wiseChat,
      fault: (_, body) =>
        numberOf(body) === 11 && body.messages[0]!.content.startsWith("You plan") ? { status: 400 } : undefined,
    });
  });
  afterAll(async () => server.close());

  it("form a tree of the graph's nodes by name, with searches and models inside them, over 12 runs at once and without a key", async () => {
    const tracer = new Gathering();
    const model = new ChatOpenAI({
      model: "gpt-x",
      apiKey: key,
      maxRetries: 0,
      configuration: { baseURL: server.url },
    });
    const agent = createRetrievalAgent({ retriever: myths(), models: model });
    const config = { callbacks: [tracer], tags: ["mine"] };
    await Promise.all(Array.from({ length: 12 }, (_, number) => agent.ask(questionOf(number), { config })));
    await awaitAllCallbacks();

    expect(tracer.roots).toHaveLength(12);
    const numbers = tracer.roots.map((root) => {
      expect([root.name, root.run_type]).toEqual(["clew", "chain"]);
      const { question } = root.inputs as { question: string };
      const children = shown(root.child_runs);
      if (question !== questionOf(11)) expect(children.map(({ name }) => name)).toEqual(nodes);
      for (const node of children) {
        for (const inner of shown(node.child_runs)) {
          if (inner.run_type === "llm") expect(inner.name).toBe(models[node.name]);
          else expect([inner.run_type, inner.name, node.name]).toEqual(["retriever", "myths", "retrieve"]);
          expect(inner.end_time).toBeDefined();
        }
        if (models[node.name] !== undefined)
          expect(node.child_runs.some(({ run_type }) => run_type === "llm")).toBe(true);
      }
      const ids = new Set(all(root).map(({ trace_id }) => trace_id));
      expect(ids).toEqual(new Set([root.id]));
      const texts = JSON.stringify(all(root).map(({ inputs, outputs }) => [inputs, outputs]));
      expect(new Set(texts.match(/Run \d+/g))).toEqual(new Set([question.slice(0, question.indexOf(":"))]));
      return Number(/\d+/.exec(question)![0]);
    });
    expect([...numbers].sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, number) => number));
    const flat = tracer.roots.flatMap(all).map(({ child_runs: _, ...run }) => run);
    expect(flat.some(({ error }) => error !== undefined)).toBe(true);
    expect(JSON.stringify(flat)).not.toContain(key);
  });
});
