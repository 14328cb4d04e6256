import { MemorySaver } from "@langchain/langgraph";
import { ChatOpenAI } from "@langchain/openai";
import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace-base";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createRetrievalAgent } from "../create-retrieval-agent.js";
import { myths } from "../test/myths.js";
import { chatRoleOf, numberOf, questionOf, wiseChat } from "../test/numbered-runs.js";
import { type Observed, observed, type SpanTree, treesOf } from "../test/observed.js";
import { type OpenAiServer, type OpenAiServerOptions, openAiServer } from "../test/openai-server.js";
import { openTelemetry } from "./open-telemetry.js";

const key = "sk-abcdefghijklmnopqrstuv";
let seen: Observed;
let server: OpenAiServer | undefined;
beforeAll(() => {
  seen = observed();
});
beforeEach(() => seen.reset());
afterEach(async () => server?.close());
afterAll(async () => seen.close());

const settled = () => vi.waitFor(() => expect(seen.open()).toBe(0), { timeout: 20_000, interval: 5 });

async function chatModel(fault?: OpenAiServerOptions["fault"]): Promise<ChatOpenAI> {
  server = await openAiServer({ answer: wiseChat, ...(fault === undefined ? {} : { fault }) });
  const active: typeof fetch = (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set("x-active", trace.getSpanContext(context.active())?.spanId ?? "none");
    return fetch(input, { ...init, headers });
  };
  return new ChatOpenAI({
    model: "gpt-x",
    apiKey: key,
    maxRetries: 0,
    configuration: { baseURL: server.url, fetch: active },
  });
}

const named = (tree: SpanTree): string[] => tree.children.map(({ span }) => span.name);
const all = ({ span, children }: SpanTree): ReadableSpan[] => [span, ...children.flatMap(all)];

/** The node in which each role is asked. */
const nodeOfRole: Readonly<Record<string, string>> = {
  router: "route",
  planner: "plan",
  grader: "grade",
  writer: "write",
};

function checkRun(root: SpanTree): void {
  const conversation = root.span.attributes["gen_ai.conversation.id"];
  expect(root.span.name).toBe("invoke_agent clew");
  for (const node of root.children) {
    expect(node.span.attributes["clew.node"]).toBe(node.span.name);
    for (const inner of node.children) {
      const { name, attributes } = inner.span;
      if (name.startsWith("chat ")) {
        expect(node.span.name).toBe(nodeOfRole[String(attributes["clew.role"])]);
        // what the instrumented client sends lies under the model's span
        for (const { span } of inner.children) expect([span.name, span.kind]).toEqual(["POST", SpanKind.CLIENT]);
      } else {
        expect([name, node.span.name, named(inner)]).toEqual(["retrieval myths", "retrieve", ["myths"]]);
      }
    }
  }
  for (const span of all(root).filter(({ name }) => name !== "POST")) {
    expect(span.attributes["gen_ai.conversation.id"]).toBe(conversation);
  }
}

describe("openTelemetry", () => {
  it("50 runs at once, some of which fail, are aborted or are left, each form a tree of their own, and no span stays open", {
    timeout: 120_000,
  }, async () => {
    const aborts = Array.from({ length: 50 }, () => new AbortController());
    const kindOf = (number: number) => (["whole", "streamed", "failing", "aborted", "left"] as const)[number % 5]!;
    const model = await chatModel((_, body) => {
      const number = numberOf(body);
      if (kindOf(number) === "failing" && chatRoleOf(body) === "planner") return { status: 400 };
      if (kindOf(number) !== "aborted" || chatRoleOf(body) !== "writer") return undefined;
      aborts[number]!.abort();
      return "silent";
    });
    const agent = createRetrievalAgent({
      retriever: myths(),
      models: model,
      checkpointer: new MemorySaver(),
      telemetry: await openTelemetry({ content: true }),
    });
    const tracer = trace.getTracer("application");
    const batch = tracer.startSpan("batch");
    const requests = aborts.map((_, number) =>
      // half of them under a span of all, half of them on their own
      number % 2 === 0 ? batch : tracer.startSpan(`request ${number}`, { root: true }),
    );
    const outcomes = await Promise.all(
      aborts.map(({ signal }, number) =>
        context.with(trace.setSpan(context.active(), requests[number]!), async () => {
          const asked = { thread: `thread ${number}`, signal };
          if (number % 5 !== 4 && number % 5 !== 1) {
            return agent.ask(questionOf(number), asked).then(
              ({ status }) => status,
              (error: Error) => error.name,
            );
          }
          const events = agent.stream(questionOf(number), asked);
          // read elsewhere: what counts is where it was asked for
          return context.with(trace.setSpan(context.active(), batch), async () => {
            for await (const event of events) {
              if (number % 5 === 4 && event.type === "hits") return "left";
              if (event.type === "done") return event.answer.status;
            }
            return "no answer";
          });
        }),
      ),
    );
    for (const span of new Set(requests)) span.end();
    if (!requests.includes(batch)) batch.end();
    await settled();

    const expected = {
      whole: "answered",
      streamed: "answered",
      failing: "partial",
      aborted: "AbortError",
      left: "left",
    };
    expect(outcomes).toEqual(aborts.map((_, number) => expected[kindOf(number)]));
    const own = seen.spans().filter(({ name }) => name !== "batch" && !name.startsWith("request "));
    const roots = treesOf(
      own,
      requests.map((span) => span.spanContext()),
    );
    expect(roots).toHaveLength(50);
    const traceparents = new Map<string, string>();
    for (const root of roots) {
      checkRun(root);
      const number = Number(/\d+/.exec(String(root.span.attributes["gen_ai.conversation.id"]))![0]);
      expect(root.span.parentSpanContext?.spanId).toBe(requests[number]!.spanContext().spanId);
      const texts = JSON.stringify(all(root).map(({ attributes }) => attributes));
      expect([...new Set(texts.match(/Run \d+/g))]).toEqual([`Run ${number}`]);
      const { status, attributes } = root.span;
      const ended = {
        ...{ whole: [SpanStatusCode.UNSET, undefined], streamed: [SpanStatusCode.UNSET, undefined] },
        ...{ failing: [SpanStatusCode.UNSET, undefined], aborted: [SpanStatusCode.ERROR, "aborted"] },
        left: [SpanStatusCode.ERROR, "closed"],
      };
      expect([status.code, attributes["error.type"]]).toEqual(ended[kindOf(number)]);
      if (kindOf(number) === "failing") {
        const chat = root.children.find(({ span }) => span.name === "plan")!.children[0]!.span;
        expect([chat.status.code, chat.attributes["error.type"]]).toEqual([SpanStatusCode.ERROR, "400"]);
      } else if (status.code === SpanStatusCode.UNSET) {
        expect(named(root)).toEqual(["begin", "route", "plan", "retrieve", "grade", "write", "verify", "finish"]);
        expect(named(root.children[3]!)).toEqual(["retrieval myths", "retrieval myths"]);
      }
      for (const node of root.children) {
        for (const chat of node.children.filter(({ span }) => span.name === "chat gpt-x")) {
          for (const { span } of chat.children)
            traceparents.set(span.spanContext().spanId, chat.span.spanContext().spanId);
        }
      }
    }
    // each request names the instrumented client's span, which lies in the model's, which was the active one
    expect(server!.headers.length).toBeGreaterThan(150);
    for (const { traceparent, "x-active": active } of server!.headers) {
      expect(traceparents.get(String(traceparent).split("-")[2]!)).toBe(active);
    }
  });

  it("follows the conventions, and holds no text and no key unless it is asked for texts", async () => {
    const model = await chatModel();
    const agent = createRetrievalAgent({ retriever: myths(), models: model, telemetry: await openTelemetry() });
    const { usage } = await agent.ask(questionOf(7));
    await settled();
    const [root] = treesOf(seen.spans());
    const chat = root!.children[1]!.children[0]!.span;
    expect(chat.kind).toBe(SpanKind.CLIENT);
    expect(chat.attributes).toMatchObject({
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-x",
      "gen_ai.response.model": "gpt-x",
      "gen_ai.usage.input_tokens": expect.any(Number),
      "gen_ai.usage.output_tokens": expect.any(Number),
      "server.address": "127.0.0.1",
      "server.port": Number(new URL(server!.url).port),
      "clew.role": "router",
    });
    expect(root!.span.attributes).toMatchObject({
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.agent.name": "clew",
      "gen_ai.usage.input_tokens": usage.inputTokens,
      "clew.answer.status": "answered",
    });
    expect(root!.children[3]!.children[0]!.span.attributes).toMatchObject({
      "gen_ai.operation.name": "retrieval",
      "gen_ai.data_source.id": "myths",
      "gen_ai.request.top_k": 10,
    });
    const own = JSON.stringify(
      seen.spans().map(({ name, attributes, status, events }) => [name, attributes, status, events]),
    );
    for (const text of ["Labyrinth", "Minotaur", "Daedalus", "Run 7", "You decide", key])
      expect(own).not.toContain(text);
  });

  it("redacts the texts that it is asked for", async () => {
    const model = await chatModel();
    const content = (text: string) => text.replaceAll("Daedalus", "[a person]");
    const agent = createRetrievalAgent({
      retriever: myths(),
      models: model,
      telemetry: await openTelemetry({ content }),
    });
    const answer = await agent.ask(questionOf(1));
    await settled();
    const own = JSON.stringify(seen.spans().map(({ attributes }) => attributes));
    expect(answer.text).toContain("Daedalus");
    expect(own).toContain("built by [a person]");
    expect(own).toContain("You decide");
    for (const text of ["Daedalus", key]) expect(own).not.toContain(text);
  });

  it("marks what a resumed run had kept, and a run that waits for a person as waiting and not as failed", async () => {
    const searches: string[] = [];
    const leaving = new AbortController();
    let broken = true;
    const before = async (query: string): Promise<void> => {
      searches.push(query);
      if (!broken || !query.includes("Minotaur")) return;
      await vi.waitFor(() => expect(searches.length).toBe(2));
      await new Promise((resolve) => setTimeout(resolve, 30));
      leaving.abort();
      leaving.signal.throwIfAborted();
    };
    const agent = createRetrievalAgent({
      retriever: myths({ before }),
      models: await chatModel(),
      checkpointer: new MemorySaver(),
      approve: ["plan"],
      telemetry: await openTelemetry(),
    });
    const thread = "t";
    await expect(agent.ask(questionOf(1), { thread })).rejects.toMatchObject({ code: "approval-needed" });
    const decision = { approve: true } as const;
    await expect(agent.ask(questionOf(1), { thread, decision, signal: leaving.signal })).rejects.toThrow();
    broken = false;
    await agent.ask(questionOf(1), { thread });
    await settled();
    const [waiting, aborted, resumed] = treesOf(seen.spans());
    expect(waiting!.span.attributes).toMatchObject({ "clew.waiting": true });
    const approve = waiting!.children.find(({ span }) => span.name === "approvePlan")!.span;
    expect([approve.attributes["clew.waiting"], approve.status.code]).toEqual([true, SpanStatusCode.UNSET]);
    expect(aborted!.span.attributes["error.type"]).toBe("aborted");
    const retrieve = resumed!.children.find(({ span }) => span.name === "retrieve")!;
    expect(retrieve.children.map(({ span }) => span.attributes["clew.kept"])).toEqual([true, undefined]);
    expect(searches.filter((query) => query.includes("built"))).toHaveLength(1);
  });

  it("refuses what it does not know", async () => {
    await expect(openTelemetry({ content: "all" as never })).rejects.toMatchObject({ code: "invalid-option" });
    await expect(openTelemetry({ tracer: {} as never })).rejects.toMatchObject({ code: "invalid-option" });
    await expect(openTelemetry({ contents: true } as never)).rejects.toMatchObject({ code: "invalid-option" });
    expect(() => createRetrievalAgent({ retriever: myths(), telemetry: openTelemetry() as never })).toThrow(/await/);
  });
});
