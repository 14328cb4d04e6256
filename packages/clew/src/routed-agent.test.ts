import { createRetrievalAgent, llmPolicy } from "@clew/agents";
import {
  type Answer,
  ClewError,
  type ModelSource,
  openTrace,
  type Prices,
  quoteTagForm,
  type Retriever,
  scope,
  servedBy,
  verifyTrace,
} from "@clew/core";
import { type EndpointFault, fixedRuntime, seededRandom, sourceInputs } from "@clew/core/testing";
import { canary, endpoint, escalating, modelSource, routed } from "@clew/endpoints";
import { type ModelCall, type ModelServer, testMind, testModelServer } from "@clew/endpoints/testing";
import { memoryIndex } from "@clew/index";
import { lexical } from "@clew/retrievers";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

const question = "Who built the Labyrinth?";
const sentence = "The Labyrinth was built by Daedalus for King Minos.";
const acme = scope("acme");
let retriever: Retriever;
beforeAll(async () => {
  const index = await memoryIndex();
  await index.sync(acme, sourceInputs([`${sentence} It is remembered to this day.`, "Bread rises."]));
  retriever = lexical(index.in(acme));
});

/** What the server does: a base model with an adapter that writes `<quote>` tags; each call is remembered. */
let server: ModelServer;
let port = 0;
let calls: ModelCall[] = [];
/** Faults of the requests behind the grader's: those of the writer. */
let faults: EndpointFault[] = [];
let adapters: readonly string[] = [];
const said = (call: ModelCall): string => call.messages.map(({ content }) => content).join("\n");
const isWriter = (call: ModelCall): boolean => !/You (?:decide|plan|check)/.test(said(call));

async function start(): Promise<void> {
  const mind = testMind({
    jsonSchema: "kept",
    text: (call) => {
      const id = /\[(E\d+)\]/.exec(said(call))?.[1] ?? "E1";
      return call.model?.startsWith("lora") ? `<quote id="${id}">${sentence}</quote>` : sentence;
    },
    object: (call) => {
      const text = said(call);
      if (text.includes("You decide")) return { kind: "retrieve", question, text: null, why: "facts" };
      if (text.includes("You plan")) return { subQuestions: [{ id: "q1", question, dependsOn: [] }] };
      if (!text.includes("You check")) return undefined;
      const grade = { id: "q1", answered: true, evidence: ["E1"], answer: "Daedalus", missing: null, query: null };
      return { grades: [grade] };
    },
  });
  server = await testModelServer({
    protocol: "vllm",
    model: "base",
    adapters,
    port,
    answer: (call) => {
      calls.push(call);
      if (said(call).includes("You check")) server.fail(...faults.splice(0));
      if (call.model !== "base" && !adapters.includes(call.model ?? "")) {
        return { refused: 404, message: `The model \`${call.model}\` does not exist.` };
      }
      return mind(call);
    },
  });
  port = server.port;
}
beforeEach(async () => {
  port = 0;
  calls = [];
  faults = [];
  adapters = ["lora-a", "lora-b"];
  await start();
});
afterEach(() => server.close());

const made = (model: string) =>
  endpoint({ kind: "vllm", model, baseURL: server.baseURL, environment: {}, capabilities: { jsonSchema: true } });
const waits = { timeoutMs: 400, baseTimeoutMs: 400 };
const route = (options: object = {}): ModelSource =>
  routed({ base: made("base"), adapters: { writer: "lora-a" }, by: "role", make: made, ...waits, ...options } as never);
const agentOf = (source: ModelSource, options: object = {}) =>
  createRetrievalAgent({
    retriever,
    models: { writer: { model: source, form: quoteTagForm() }, default: made("base") },
    budget: { hops: 1 },
    runtime: { ...fixedRuntime(), sleep: async () => undefined },
    ...options,
  });

/** Who served each call, by role, as the trace tells. */
const served = ({ trace }: Answer): string[] =>
  openTrace(trace).flatMap(({ kind, data }) => {
    const { role, served: by } = data as Record<string, string>;
    return kind === "model" ? [`${role} ${by}`] : [];
  });
const before = ["router vllm:base", "planner vllm:base", "grader vllm:base"];
const fellBack = ({ notes }: Answer): unknown[] =>
  notes.filter(({ code }) => code === "fell-back").map(({ detail }) => detail);

describe("an agent whose writer is routed", () => {
  it("is served by the adapter, and the trace says so", async () => {
    const answer = await agentOf(route()).ask(question);
    expect(answer).toMatchObject({ status: "answered", text: sentence, notes: [] });
    expect(served(answer)).toEqual([...before, "writer vllm:lora-a"]);
    expect(answer.usage.calls).toBe(server.requests.length);
  });

  it.each<[string, EndpointFault, string]>([
    ["missing", { kind: "status", status: 404 }, "missing"],
    ["slow", { kind: "silent" }, "slow"],
    ["overloaded", { kind: "status", status: 503 }, "failing"],
    ["failing", { kind: "status", status: 500 }, "failing"],
    ["writing nothing", { kind: "empty" }, "failing"],
  ])("answers by the base, with a note, when the adapter is %s", async (_, fault, why) => {
    faults = [fault];
    const answer = await agentOf(route()).ask(question);
    expect(answer).toMatchObject({ status: "answered", text: sentence });
    expect(served(answer)).toEqual([...before, "writer vllm:base"]);
    expect(fellBack(answer)).toEqual([{ from: "lora-a", to: "base", why, requests: 1 }]);
    expect(calls.filter(isWriter).length + (fault.kind === "empty" ? 0 : 1)).toBe(2);
    expect(answer.usage.calls).toBe(server.requests.length);
  });

  it("ends in an answer by code, with notes, when adapter and base fail", async () => {
    faults = Array.from({ length: 12 }, () => ({ kind: "status", status: 500 }) as const);
    const answer = await agentOf(route()).ask(question);
    expect(answer.status).toBe("answered");
    expect(served(answer)).toEqual(before);
    expect(JSON.stringify(answer.notes)).toContain("failed too");
    expect(answer.usage.calls).toBe(server.requests.length);
  });

  it("ends in a typed error that names both when the server knows neither", async () => {
    faults = [
      { kind: "status", status: 503 },
      { kind: "status", status: 404 },
    ];
    await expect(agentOf(route()).ask(question)).rejects.toMatchObject({
      code: "not-found",
      message: expect.stringMatching(/lora-a was left for base .*base failed too: vllm:base knows no such model/),
    });
  });

  it("says so when the adapter breaks off in the middle of its answer, and nothing comes twice", async () => {
    faults = [{ kind: "breaks-off" }];
    const answer = await agentOf(route()).ask(question);
    expect(answer.text.split(sentence).length).toBeLessThanOrEqual(2);
    expect(answer.notes.length).toBeGreaterThan(0);
    expect(JSON.stringify(answer.notes)).toContain("in the middle of its answer");
    expect(answer.usage.calls).toBe(server.requests.length);
  });

  it("chooses by tenant, and falls back likewise", async () => {
    const source = route({ adapters: { acme: "lora-b", other: "lora-a" }, by: "scope" });
    const agent = agentOf(source);
    expect(served(await agent.ask(question)).at(-1)).toBe("writer vllm:lora-b");
    faults = [{ kind: "status", status: 404 }];
    const answer = await agent.ask(question);
    expect(served(answer).at(-1)).toBe("writer vllm:base");
    expect(fellBack(answer)).toMatchObject([{ from: "lora-b", why: "missing" }]);
  });

  it.each([
    ["with its adapters", ["lora-a"], "writer vllm:lora-a"],
    ["without them", [], "writer vllm:base"],
  ])("goes on when the server is restarted in the middle of a run, %s", async (_, later, by) => {
    const agent = agentOf(route());
    let answer: Answer | undefined;
    for await (const event of agent.stream(question)) {
      if (event.type === "query") {
        await server.close();
        adapters = later;
        await start();
      }
      if (event.type === "done") answer = event.answer;
    }
    expect(answer).toMatchObject({ status: "answered", text: sentence });
    expect(served(answer!)).toEqual([...before, by]);
    expect(fellBack(answer!).length).toBe(later.length === 0 ? 1 : 0);
  });

  it("answers by code when the server does not come back", async () => {
    const agent = agentOf(route());
    let answer: Answer | undefined;
    for await (const event of agent.stream(question)) {
      if (event.type === "query") await server.close();
      if (event.type === "done") answer = event.answer;
    }
    expect(answer!.status).toBe("answered");
    expect(served(answer!)).toEqual(before.slice(0, 2));
    expect(JSON.stringify(answer!.notes)).toContain("could not be reached");
  });

  it("leaves an adapter that keeps failing alone", async () => {
    const agent = agentOf(route({ breaker: { failures: 2, pauseMs: 60_000 } }));
    for (let turn = 0; turn < 2; turn++) {
      faults = [{ kind: "status", status: 500 }];
      await agent.ask(question);
    }
    calls = [];
    const answer = await agent.ask(question);
    expect(fellBack(answer)).toMatchObject([{ why: "resting", requests: 0 }]);
    expect(calls.filter(isWriter).map(({ model }) => model)).toEqual(["base"]);
    expect(answer.usage.calls).toBe(calls.length);
  });

  it("no request is lost or charged unsaid under random faults", async () => {
    const random = seededRandom(11);
    const kinds: readonly (EndpointFault | undefined)[] = [
      ...[404, 429, 500, 503].map((status) => ({ kind: "status", status }) as const),
      ...(["breaks-off", "ends-early", "empty", "not-json"] as const).map((kind) => ({ kind })),
      undefined,
    ];
    for (let turn = 0; turn < 25; turn++) {
      // a server of its own for each turn: faults that met no request are gone with it
      await server.close();
      port = 0;
      await start();
      const agent = agentOf(route());
      faults = [0, 1].flatMap(() => kinds[Math.floor(random() * kinds.length)] ?? []);
      const planned = JSON.stringify(faults);
      const answer = await agent.ask(question).catch((error: ClewError) => {
        expect([planned, error.code]).toEqual([planned, "not-found"]);
      });
      if (answer === undefined) continue;
      expect([planned, answer.usage.calls]).toEqual([planned, server.requests.length]);
      const writer = served(answer).slice(3);
      // one that did not serve is told of, and so is a draft that no model ended
      if (writer[0] !== "writer vllm:lora-a") expect([planned, answer.notes.length > 0]).toEqual([planned, true]);
    }
  });

  it("is charged by the price of what served, found by the model's own name too", async () => {
    const prices: Prices = {
      base: { inputPerMillion: 0, outputPerMillion: 0, perRequest: 1 },
      "lora-a": { inputPerMillion: 0, outputPerMillion: 0, perRequest: 100 },
    };
    const probed = async (name: string) => modelSource(made(name), { probe: true });
    const [base, adapter] = [await probed("base"), await probed("lora-a")];
    const source = route({ base, adapters: { writer: adapter } });
    const agent = agentOf(source, {
      prices,
      budget: { hops: 1, usd: 1000 },
      models: { writer: { model: source, form: quoteTagForm() }, default: base },
    });
    const answer = await agent.ask(question);
    expect(served(answer).at(-1)).toBe("writer vllm:lora-a on base");
    expect(answer.usage.usd).toBeCloseTo(103, 6);
    faults = [{ kind: "status", status: 404 }];
    const other = await agent.ask(question);
    expect(served(other).at(-1)).toBe("writer vllm:base");
    // three decisions, and a fallback whose two requests are charged
    expect(other.usage.usd).toBeGreaterThanOrEqual(4);
  });
});

describe("canary in an agent", () => {
  it("gives whole runs to the candidate, and says so", async () => {
    const source = canary({ base: made("base"), candidate: made("lora-a"), share: 0.5, ...waits });
    const agent = agentOf(source);
    const ways = new Set<string>();
    for (let turn = 0; turn < 12; turn++) {
      const answer = await agent.ask(question);
      const way = openTrace(answer.trace).flatMap(({ kind, data }) =>
        kind === "canary" ? [(data as Record<string, string>).way] : [],
      );
      expect(way.length).toBe(1);
      ways.add(way[0]!);
      const isTrial = way[0] === "candidate";
      expect(served(answer).at(-1)).toBe(isTrial ? "writer vllm:lora-a" : "writer vllm:base");
      expect(answer.notes.filter(({ code }) => code === "x-canary").length).toBe(isTrial ? 1 : 0);
    }
    expect(ways).toEqual(new Set(["candidate", "base"]));
  });
});

describe("escalating over agents", () => {
  const rungs = () => ({
    extractive: createRetrievalAgent({ retriever, budget: { hops: 1 } }),
    tuned: agentOf(route()),
    base: agentOf(made("base"), { policy: llmPolicy(), models: made("base") }),
  });

  it.each([
    [0, ["extractive"], 0],
    [1.01, ["extractive", "tuned", "base"], 8],
  ])("asks one after the other until the threshold of %s is met", async (threshold, asked, requests) => {
    const answer = await escalating({ rungs: rungs(), threshold }).ask(question);
    const steps = answer.notes.flatMap(({ code, detail }) => (code === "x-escalated" ? [detail?.rung] : []));
    expect(steps).toEqual(asked);
    expect(answer.usage.calls).toBe(requests);
    expect(server.requests.length).toBe(requests);
    expect(answer.status).toBe(threshold > 1 ? "abstained" : "answered");
    expect(verifyTrace(answer.trace)).toMatchObject({ code: "intact", run: answer.id });
  });

  it("stops at the tuned model where its answer is held, and goes on where it fails", async () => {
    const score = (answer: Answer): number => (answer.usage.calls === 0 ? 0 : answer.status === "answered" ? 1 : 0);
    const answer = await escalating({ rungs: rungs(), threshold: 1, score }).ask(question);
    expect(answer.text).toBe(sentence);
    expect(served(answer)).toEqual([...before, "writer vllm:lora-a"]);
    expect(answer.usage.calls).toBe(server.requests.length);
  });

  it("rejects with the caller's reason", async () => {
    const reason = new ClewError("closed", "enough");
    const asked = escalating({ rungs: rungs(), threshold: 1.01 }).ask(question, { signal: AbortSignal.abort(reason) });
    await expect(asked).rejects.toBe(reason);
  });
});

it("a routed model says who served outside of an agent, too", async () => {
  const source = route() as Extract<ModelSource, (...args: never) => unknown>;
  const { aCall } = await import("@clew/core/testing");
  const { model } = await source(aCall({ role: "writer" }));
  expect(servedBy(await model.invoke("q"))).toMatchObject({ served: "vllm:lora-a", requests: 1 });
});
