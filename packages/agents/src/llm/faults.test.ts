import { type Answer, ClewError, type Runtime, systemRuntime } from "@clew/core";
import { ChatOpenAI } from "@langchain/openai";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createRetrievalAgent } from "../create-retrieval-agent.js";
import { chainQuestion, myths } from "../test/myths.js";
import { type ChatBody, type Fault, type OpenAiServer, openAiServer } from "../test/openai-server.js";
import { llmPolicy } from "./llm-policy.js";

const open: OpenAiServer[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const server of open.splice(0)) await server.close();
});

const roleOf = ({ messages }: ChatBody): string => {
  const system = messages[0]!.content;
  if (system.startsWith("You decide")) return "router";
  if (system.startsWith("You plan")) return "planner";
  return system.startsWith("You check") ? "grader" : "writer";
};

/** Decides and writes as it should, in letters of two and three bytes too. */
function wise(body: ChatBody): object | string {
  switch (roleOf(body)) {
    case "router":
      return { kind: "retrieve", question: chainQuestion, text: null, why: "fàcts – 事実" };
    case "planner":
      return { subQuestions: [{ id: "q1", question: chainQuestion, dependsOn: [] }] };
    case "grader":
      return {
        grades: [{ id: "q1", answered: true, evidence: ["E1"], answer: "Daedalus", missing: null, query: null }],
      };
    default: {
      const id = /<<<evidence (E\d+)[^<]*built by Daedalus/.exec(body.messages[1]!.content)?.[1];
      return `It was built by Daedalus. [${id}: "It was built by Daedalus"]`;
    }
  }
}

interface Asked {
  readonly fault: (index: number, body: ChatBody) => Fault | undefined;
  readonly maxRetries?: number | undefined;
  readonly budget?: object;
  /** @default as long as no silence is tested */
  readonly timeoutMs?: number | undefined;
}

interface Outcome {
  readonly answer: Answer | undefined;
  readonly error: unknown;
  readonly server: OpenAiServer;
  /** Waits before repetitions, in milliseconds: none is waited for. */
  readonly waits: readonly number[];
}

/** Drives the real graph with a real client against a server that misbehaves. */
async function ask({ fault, maxRetries, budget = {}, timeoutMs = 20_000 }: Asked): Promise<Outcome> {
  vi.spyOn(console, "error").mockReturnValue(undefined); // the client's own words on events that are no JSON
  const server = await openAiServer({ answer: wise, fault });
  open.push(server);
  const model = new ChatOpenAI({
    model: "local",
    apiKey: "sk-abcdefghijklmnopqrstuv",
    configuration: { baseURL: server.url },
    ...(maxRetries === undefined ? {} : { maxRetries }),
  });
  const waits: number[] = [];
  const runtime: Runtime = {
    ...systemRuntime,
    sleep: async (ms) => {
      waits.push(ms);
    },
  };
  const policy = llmPolicy({ models: model, timeoutMs });
  const agent = createRetrievalAgent({ retriever: myths(), policy, runtime, budget });
  let answer: Answer | undefined;
  let error: unknown;
  try {
    answer = await agent.ask(chainQuestion);
  } catch (thrown) {
    error = thrown;
  }
  return { answer, error, server, waits };
}

const codes = (answer: Answer | undefined): string[] => (answer?.notes ?? []).map(({ code }) => code);
const always = (fault: Fault) => (): Fault => fault;
const once =
  (fault: Fault) =>
  (index: number): Fault | undefined =>
    index === 0 ? fault : undefined;
const inWriter =
  (fault: Fault) =>
  (_: number, body: ChatBody): Fault | undefined =>
    roleOf(body) === "writer" ? fault : undefined;

const status = (code: number, headers: Record<string, string> = {}): Fault => ({ status: code, headers });
const faults: readonly (readonly [string, Fault])[] = [
  ["429 with a short Retry-After", status(429, { "retry-after": "0.01" })],
  ["429 with an absurd Retry-After", status(429, { "retry-after": "86400" })],
  ["429 without Retry-After", status(429)],
  ["500", status(500)],
  ["503 as a date", status(503, { "retry-after": new Date(Date.now() + 1000).toUTCString() })],
  ["400", status(400)],
  ["a connection reset", "reset"],
  ["a connection reset midway", "reset-midway"],
  ["silence", "silent"],
  ["a stall in the middle", "stalls"],
  ["a stream closed in its middle", "half-closed"],
  ["characters split between chunks", "split-utf8"],
  ["an event that is no JSON", "broken-event"],
  ["a web page", "web-page"],
  ["empty choices", "empty-choices"],
  ["a refusal", "refusal"],
  ["a content filter", "filtered"],
  ["wrong arguments", "wrong-arguments"],
  ["a wrong tool", "wrong-tool"],
  ["ten megabytes", "huge"],
  ["no usage", "no-usage"],
];
const retries = [undefined, 0] as const;
const cases = faults.flatMap(([name, fault]) => retries.map((maxRetries) => [name, maxRetries, fault] as const));

/** Silence is waited for no longer than a test wants to. */
const patience = (fault: Fault): number | undefined => (fault === "silent" || fault === "stalls" ? 200 : undefined);

/** Quotes, or says that there is no answer: ten megabytes of prose that nothing supports are none. */
function expectSpoken({ citations, status: said, notes }: Answer, fault: Fault): void {
  if (fault === "huge") expect(said === "abstained" || citations.length > 0).toBe(true);
  else expect(citations.length).toBeGreaterThan(0);
  if (fault === "huge") expect(notes.map(({ code }) => code)).toContain("cut");
}

describe("a server that misbehaves", () => {
  it.each(cases)("%s, for ever (maxRetries %s): a cited answer, and each request is counted", async (...args) => {
    const [, maxRetries, fault] = args;
    const { answer, error, server } = await ask({ fault: always(fault), maxRetries, timeoutMs: patience(fault) });
    expect(error).toBeUndefined();
    expectSpoken(answer!, fault);
    expect(answer!.usage.calls).toBe(server.requests());
    if (fault !== "split-utf8") expect(answer!.notes.length).toBeGreaterThan(0);
    expect(JSON.stringify(answer)).not.toContain("abcdefghijklmnop");
  });

  it.each(cases)("%s, while the answer is written (maxRetries %s): the same", async (...args) => {
    const [name, maxRetries, fault] = args;
    const { answer, error, server } = await ask({ fault: inWriter(fault), maxRetries, timeoutMs: patience(fault) });
    expect(error).toBeUndefined();
    expectSpoken(answer!, fault);
    expect(answer!.usage.calls).toBe(server.requests());
    const broken = ["stalls", "half-closed", "reset-midway", "filtered", "broken-event"];
    if (broken.includes(String(fault))) {
      expect([name, answer!.status]).toEqual([name, "partial"]);
      expect(codes(answer)).toContain("cut");
    }
    if (fault === "split-utf8") expect(answer!.sentences[0]!.verdict).toBe("supported");
    // of what the server did not count, nothing is silent
    const uncounted = ["silent", "stalls", "half-closed", "reset", "reset-midway", "no-usage", "huge"];
    if (uncounted.includes(String(fault))) expect(codes(answer)).toContain("x-usage-estimated");
  });

  it.each([
    ["429", status(429, { "retry-after": "0.01" })],
    ["500", status(500)],
    ["reset", "reset" as const],
    ["silence", "silent" as const],
  ])("%s once: the request is repeated, within what the client allows", async (_, fault) => {
    const { answer, server, waits } = await ask({ fault: once(fault), timeoutMs: patience(fault) });
    expect([answer!.status, server.bodies.length, answer!.usage.calls, waits.length]).toEqual(["answered", 5, 5, 1]);
    expect(codes(answer)).toContain("retried");
    const none = await ask({ fault: once(fault), maxRetries: 0, timeoutMs: patience(fault) });
    expect([none.server.bodies.length, none.waits.length]).toEqual([4, 0]);
    expect(codes(none.answer)).toContain("fell-back");
  });

  it("repeats a request twice at most, and asks a service that is down in no other form", async () => {
    const { server, waits } = await ask({ fault: (_, body) => (roleOf(body) === "router" ? status(500) : undefined) });
    expect(server.bodies.filter((body) => roleOf(body) === "router")).toHaveLength(3);
    expect(waits).toHaveLength(2);
  });

  it("repeats within the budget of calls and of time", async () => {
    const { answer, server } = await ask({ fault: always(status(500)), budget: { calls: 3 } });
    expect([server.bodies.length, answer!.usage.calls]).toEqual([3, 3]);
    const late = await ask({ fault: always(status(429, { "retry-after": "15" })), budget: { ms: 5_000 } });
    expect(late.waits).toEqual([]);
    expect(late.answer!.citations.length).toBeGreaterThan(0);
  });

  it("does not wait for a day, and says that it was asked to", async () => {
    const { answer, waits } = await ask({ fault: always(status(429, { "retry-after": "86400" })) });
    expect(waits).toEqual([]);
    expect(answer!.notes.some(({ message }) => message.includes("86400 s"))).toBe(true);
  });

  it("ends at the limit of time though the server is silent", async () => {
    const { answer } = await ask({ fault: always("silent"), budget: { ms: 1500 } });
    expect(codes(answer)).toContain("budget-reached");
    expect(answer!.status).not.toBe("answered");
  });

  it.each([
    [401, undefined, "service-refused"],
    [403, undefined, "service-refused"],
    [402, undefined, "service-refused"],
    [429, "insufficient_quota", "service-refused"],
    [404, undefined, "not-found"],
  ])("%i (%s) is a typed error at once", async (code, own, typed) => {
    const fault: Fault = own === undefined ? { status: code } : { status: code, code: own };
    const { error, server } = await ask({ fault: always(fault) });
    expect(ClewError.isInstance(error) && error.code).toBe(typed);
    expect(server.bodies).toHaveLength(1);
  });

  it("is sent the limit of each answer, shortened to what the budget leaves", async () => {
    const { server } = await ask({ fault: () => undefined });
    expect(server.bodies.map(({ max_tokens }) => max_tokens)).toEqual([1024, 1024, 1024, 1024]);
    const poor = await ask({ fault: () => undefined, budget: { tokens: 5_000 } });
    const sent = poor.server.bodies.map(({ max_tokens }) => max_tokens!);
    expect(sent.length).toBeGreaterThan(0);
    expect(Math.min(...sent)).toBeLessThan(1024);
  });
});
