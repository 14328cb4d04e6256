import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type Answer,
  ClewError,
  callModel,
  defineRetriever,
  embedderFrom,
  type ModelSource,
  type Note,
  noUsage,
  rerankerFrom,
  servedAs,
} from "@clew/core";
import { MemorySaver } from "@langchain/langgraph";
import { ChatOpenAI } from "@langchain/openai";
import { afterEach, describe, expect, it } from "vitest";
import { createRetrievalAgent } from "../create-retrieval-agent.js";
import { llmPolicy } from "../llm/llm-policy.js";
import { withPolicy } from "../test/agent-helpers.js";
import { myths } from "../test/myths.js";
import { questionOf, wiseChat } from "../test/numbered-runs.js";
import { type ChatBody, type Fault, type OpenAiServer, openAiServer } from "../test/openai-server.js";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function chatServer(fault?: (index: number, body: ChatBody) => Fault | undefined): Promise<OpenAiServer> {
  const server = await openAiServer({ answer: wiseChat, ...(fault === undefined ? {} : { fault }) });
  closing.push(() => server.close());
  return server;
}
const chat = ({ url }: Pick<OpenAiServer, "url">, model = "gpt-x"): ChatOpenAI =>
  new ChatOpenAI({ model, apiKey: "sk-abcdefghijklmnopqrstuv", maxRetries: 0, configuration: { baseURL: url } });
const faraway = { url: "https://models.example/v1" };

const outbound = ({ notes }: Answer): Note[] => notes.filter(({ code }) => code === "outbound");
/** The note that counts: the others say that something was refused. */
const counted = (answer: Answer): unknown => outbound(answer).find(({ detail }) => detail?.refused !== true)?.detail;
const charactersIn = (bodies: readonly ChatBody[]): number =>
  bodies.flatMap(({ messages }) => messages).reduce((sum, { content }) => sum + content.length, 0);
const passagesIn = (bodies: readonly ChatBody[]): number =>
  new Set(
    bodies.flatMap(({ messages }) => [...messages[1]!.content.matchAll(/<<<evidence (E\d+)/g)].map(([, id]) => id)),
  ).size;

describe("what leaves this machine", () => {
  it("is counted as the servers saw it, by role and model, failed requests included; what stays is not", async () => {
    const near = await chatServer();
    const far = await chatServer((index) =>
      index === 0 ? { status: 503, headers: { "retry-after": "0.01" } } : undefined,
    );
    const again = new ChatOpenAI({ model: "far", apiKey: "sk-x", maxRetries: 2, configuration: { baseURL: far.url } });
    const agent = createRetrievalAgent({
      retriever: myths(),
      models: { writer: { model: again, remote: true }, grader: { model: again, remote: true }, default: chat(near) },
    });
    const answer = await agent.ask(questionOf(1));
    const graded = far.bodies.filter(({ messages }) => messages[0]!.content.startsWith("You check"));
    const written = far.bodies.filter((body) => !graded.includes(body));
    expect([answer.status, near.requests() > 0, graded.length, written.length]).toEqual(["answered", true, 2, 1]);
    const partOf = (role: string, bodies: readonly ChatBody[]) => ({
      ...{ role, served: "far", requests: bodies.length, characters: charactersIn(bodies) },
      ...{ passages: passagesIn(bodies), sources: passagesIn(bodies) },
    });
    expect(counted(answer)).toEqual({
      requests: far.requests(),
      characters: charactersIn(far.bodies),
      passages: passagesIn(far.bodies),
      sources: passagesIn(far.bodies),
      to: [partOf("grader", graded), partOf("writer", written)],
    });
  });

  it("is counted once of a run that was broken off and resumed", async () => {
    const leaving = new AbortController();
    const server = await chatServer((index) => {
      if (index !== 3) return undefined;
      leaving.abort();
      return "silent";
    });
    const models = { default: { model: chat(server), remote: true } };
    const agent = createRetrievalAgent({ retriever: myths(), models, checkpointer: new MemorySaver() });
    await expect(agent.ask(questionOf(1), { thread: "t", signal: leaving.signal })).rejects.toThrow();
    const answer = await agent.ask(questionOf(1), { thread: "t" });
    // router, planner and grader before it broke off, the writer after it; the one that was cut is lost with its node
    expect([server.requests(), (counted(answer) as { requests: number }).requests]).toEqual([5, 4]);
  });

  it("is nothing without a model, and nothing is said of it", async () => {
    expect(outbound(await createRetrievalAgent({ retriever: myths() }).ask(questionOf(1)))).toEqual([]);
    const near = await chatServer();
    expect(outbound(await createRetrievalAgent({ retriever: myths(), models: chat(near) }).ask(questionOf(1)))).toEqual(
      [],
    );
  });
});

describe("a role that may not send texts away", () => {
  it.each([
    ["a model for everything", { models: chat(faraway), outbound: { roles: [] } }],
    [
      "one for a role",
      {
        models: { planner: chat(faraway), default: chat({ url: "http://localhost:1/v1" }) },
        outbound: { roles: ["writer"] },
      },
    ],
    ["a default", { models: { writer: chat(faraway), default: chat(faraway) }, outbound: { roles: ["writer"] } }],
    [
      "one that is said to be remote",
      { models: { judge: { model: chat({ url: "http://[::1]/v1" }), remote: true } }, outbound: { roles: [] } },
    ],
    ["a private network", { models: chat({ url: "http://10.0.0.7/v1" }), outbound: { roles: [] } }],
  ])("is refused when the agent is made: %s", (_, options) => {
    const make = () => createRetrievalAgent({ retriever: myths(), ...options });
    expect(make).toThrow(expect.objectContaining({ code: "outbound-refused" }));
  });

  it.each([
    ["a loopback address", { models: chat({ url: "http://127.0.0.1:1/v1" }), outbound: { roles: [] } }],
    [
      "a host that counts as this machine",
      { models: chat({ url: "http://10.0.0.7:8000/v1" }), outbound: { roles: [], localHosts: ["10.0.0.7"] } },
    ],
    [
      "one that is said to be here",
      { models: { default: { model: chat(faraway), remote: false } }, outbound: { roles: [] } },
    ],
    ["a role that may", { models: { writer: chat(faraway) }, outbound: { roles: ["writer"] } }],
  ])("may have a model on this machine: %s", (_, options) => {
    expect(() => createRetrievalAgent({ retriever: myths(), ...options })).not.toThrow();
  });

  it.each([
    ["chosen at each call", (source: ModelSource) => ({ models: source })],
    ["a policy's own", (source: ModelSource) => ({ policy: llmPolicy({ models: source }) })],
  ])("is refused at the call where the model is %s: nothing is sent, and code takes its place", async (_, options) => {
    const server = await chatServer();
    const source: ModelSource = () => ({ ...servedAs(chat(server)), remote: true });
    const agent = createRetrievalAgent({ retriever: myths(), ...options(source), outbound: { roles: [] } });
    const answer = await agent.ask("Who built the Labyrinth?");
    expect(server.requests()).toBe(0);
    expect(answer.status).toBe("answered");
    expect(outbound(answer).map(({ detail }) => detail)).toEqual(
      ["router", "planner", "grader", "writer"].map((role) => ({ role, served: "gpt-x", refused: true })),
    );
    expect(answer.notes.filter(({ code }) => code === "fell-back").length).toBeGreaterThan(2);
  });

  it("is one role: the others send, and only these are counted", async () => {
    const server = await chatServer();
    const source: ModelSource = () => ({ ...servedAs(chat(server)), remote: true });
    const agent = createRetrievalAgent({
      retriever: myths(),
      models: source,
      outbound: { roles: ["router", "writer"] },
    });
    const answer = await agent.ask(questionOf(1));
    expect(outbound(answer)[0]!.detail).toMatchObject({ role: "planner", refused: true });
    expect(counted(answer)).toMatchObject({
      requests: server.requests(),
      characters: charactersIn(server.bodies),
      to: [{ role: "router" }, { role: "writer" }],
    });
  });

  it("holds for a policy that asks by itself, with the call that it is given", async () => {
    const server = await chatServer();
    const served = { ...servedAs(chat(server)), remote: true };
    const site = { node: "route", branch: "", ordinal: 0 };
    let outcome: unknown;
    const policy = withPolicy({
      route: async ({ question }, call) => {
        outcome = await callModel(call, { role: "oracle", served, site, system: "s", user: "u", maxTokens: 100 });
        return { kind: "retrieve", question, why: "facts" };
      },
    });
    await createRetrievalAgent({ retriever: myths(), policy, outbound: { roles: ["writer"] } }).ask(questionOf(1));
    expect(outcome).toMatchObject({ kind: "failed", cause: { code: "outbound-refused" } });
    expect(server.requests()).toBe(0);
  });
});

describe("embedders and rerankers of a run", () => {
  interface Received {
    readonly texts: readonly string[];
  }

  async function service() {
    const received: Received[] = [];
    const server = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      const body = JSON.parse(Buffer.concat(parts).toString()) as Received;
      received.push(body);
      response.end(JSON.stringify(body.texts.map((text) => text.length)));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closing.push(() => new Promise((resolve) => server.close(resolve)));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const ask = async (texts: readonly string[]): Promise<number[]> => {
      const answer = await fetch(url, {
        method: "POST",
        body: JSON.stringify({ texts }),
        headers: { connection: "close" },
      });
      return (await answer.json()) as number[];
    };
    return { received, ask };
  }

  async function searching(remote: boolean) {
    const [embeds, reranks] = [await service(), await service()];
    const embedder = await embedderFrom(
      {
        embedQuery: async (text: string) => [...(await embeds.ask([text])), 1],
        embedDocuments: async () => [],
      },
      { id: "e", dimensions: 2, remote },
    );
    const reranker = rerankerFrom({
      ...{ id: "r", service: "The reranker r" },
      ...(remote ? {} : { address: "http://127.0.0.1:1" }),
      score: async ({ query, documents }) => ({
        results: (await reranks.ask([query, ...documents])).slice(1).map((score, index) => ({ index, score })),
      }),
    });
    const below = myths();
    const retriever = defineRetriever(
      "reranking",
      async (query, options) => {
        const { usage } = await embedder.embedQuery(query, { call: options.call });
        const found = await below.search(query, options);
        await reranker.rerank(query, found.hits, { call: options.call });
        return { ...found, usage: usage ?? noUsage };
      },
      { scope: below.scope },
    );
    return { retriever, embeds, reranks };
  }

  const sum = (received: readonly Received[]): number =>
    received.flatMap(({ texts }) => texts).reduce((total, text) => total + text.length, 0);

  it("are counted as the services saw them", async () => {
    const { retriever, embeds, reranks } = await searching(true);
    const answer = await createRetrievalAgent({ retriever }).ask("Who built the Labyrinth?");
    expect(counted(answer)).toMatchObject({
      to: [
        {
          role: "embedder",
          served: "e",
          requests: embeds.received.length,
          characters: sum(embeds.received),
          passages: 0,
        },
        { role: "reranker", served: "r", requests: reranks.received.length, characters: sum(reranks.received) },
      ],
    });
    const shown = new Set(reranks.received.flatMap(({ texts }) => texts.slice(1)));
    expect(counted(answer)).toMatchObject({ passages: shown.size, sources: shown.size });
  });

  it("are refused where their role may not: the search fails with a note, and nothing is sent", async () => {
    const { retriever, embeds, reranks } = await searching(true);
    const agent = createRetrievalAgent({ retriever, outbound: { roles: ["reranker"] } });
    const answer = await agent.ask("Who built the Labyrinth?");
    expect([embeds.received, reranks.received]).toEqual([[], []]);
    expect(answer.status).toBe("abstained");
    expect(outbound(answer)[0]!.detail).toMatchObject({ refused: true });
  });

  it("are free where they are on this machine", async () => {
    const { retriever, embeds, reranks } = await searching(false);
    const answer = await createRetrievalAgent({ retriever, outbound: { roles: [] } }).ask("Who built the Labyrinth?");
    expect([embeds.received.length > 0, reranks.received.length > 0, outbound(answer)]).toEqual([true, true, []]);
  });
});

it("options that make no sense are refused", () => {
  for (const outbound of [{ roles: "writer" }, { roles: [""] }, { localHosts: [7] }, { role: [] }]) {
    const make = () => createRetrievalAgent({ retriever: myths(), outbound: outbound as never });
    expect(make).toThrow(expect.objectContaining({ code: "invalid-option" }));
  }
  const model = chat(faraway);
  for (const writer of [{ model }, { model, remote: "yes" }, { model, remote: true, forms: 1 }]) {
    expect(() => createRetrievalAgent({ retriever: myths(), models: { writer: writer as never } })).toThrow(ClewError);
  }
});
