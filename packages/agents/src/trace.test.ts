import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Answer, defineRetriever, memoryTraces, openTrace, scope, verifyTrace } from "@clew/core";
import { fixedRuntime } from "@clew/core/testing";
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import { ChatOpenAI } from "@langchain/openai";
import { expect, it } from "vitest";
import { createRetrievalAgent } from "./create-retrieval-agent.js";
import { collect, withPolicy } from "./test/agent-helpers.js";
import { chainQuestion, myths } from "./test/myths.js";
import { optionsOf, question } from "./test/persisted-run.mjs";

const kinds = ({ trace }: Answer): string[] => openTrace(trace).map(({ kind }) => kind);

it("the trace holds each decision, query, hit, model call and verdict, in order", async () => {
  const answer = await createRetrievalAgent(optionsOf(undefined, () => undefined)).ask(question);
  expect(answer.trace.lines.map(({ seq }) => seq)).toEqual(answer.trace.lines.map((_, index) => index));
  expect(verifyTrace(answer.trace)).toMatchObject({ code: "intact", run: answer.id, erased: 0 });
  const round = (searches: number) => [...Array(searches).fill(["query", "hits"]).flat(), "model", "grade"];
  const besides = ["note", "served", "spent"];
  const verdicts = kinds(answer).filter((kind) => !besides.includes(kind));
  expect(verdicts).toEqual([
    ...["run", "model", "route", "model", "plan"],
    ...round(2),
    ...round(1),
    ...["model", "verdict", "verdict", "verdict"],
    ...["model", "verdict", "verdict"],
    ...["passages", "answer"],
  ]);
  for (const { data } of openTrace(answer.trace).filter(({ kind }) => kind === "model")) {
    expect(data).toMatchObject({
      served: "logged",
      prompt: expect.stringMatching(/^[0-9a-f]{32}$/),
      usage: { inputTokens: 100, outputTokens: 10 },
    });
  }
  for (const { data, call } of openTrace(answer.trace).filter(({ kind }) => kind === "hits")) {
    expect(call).toMatch(/retrieve/);
    const hit = expect.objectContaining({ evidence: expect.any(String), score: expect.any(Number) });
    expect(data).toMatchObject({ hits: expect.arrayContaining([hit]), usage: { inputTokens: 7, calls: 1 } });
  }
  // ids and scores, not the texts
  const hits = openTrace(answer.trace).filter(({ kind }) => kind === "hits");
  expect(JSON.stringify(hits)).not.toContain("It was built by Daedalus");
});

it("the trace says why nothing was looked up", async () => {
  const { trace } = await createRetrievalAgent({ retriever: myths() }).ask("Hello!");
  expect(openTrace(trace)[1]).toMatchObject({
    kind: "route",
    data: { kind: "converse", why: expect.stringMatching(/./) },
  });
});

it("the trace is in the same order whichever of the parallel searches ends first", async () => {
  const ask = (late: (query: string) => boolean) => {
    let release = (): void => undefined;
    const other = new Promise<void>((resolve) => {
      release = resolve;
    });
    const retriever = defineRetriever(
      "racing",
      async (query, { call, k, filter, signal }) => {
        if (late(query)) await other;
        const site = { node: "expand", branch: query, ordinal: 0 };
        const again = await call!.journal.once(site, "model", async () => query.toUpperCase());
        const found = await myths().search(again, { k, filter, signal });
        release();
        return found;
      },
      { scope: scope("acme") },
    );
    const policy = withPolicy({
      plan: async () => ({
        subQuestions: [
          { id: "q1", question: "Who was Daedalus?", dependsOn: [] },
          { id: "q2", question: "When was Leiden University founded?", dependsOn: [] },
        ],
      }),
    });
    return createRetrievalAgent({ retriever, policy, runtime: fixedRuntime(), budget: { hops: 1 } }).ask("Both?");
  };
  const [first, second] = [await ask((query) => query.includes("Leiden")), await ask((query) => query.includes("Who"))];
  expect(first.trace).toEqual(second.trace);
  expect(kinds(first).slice(3, 9)).toEqual(["query", "model", "hits", "query", "model", "hits"]);
});

it("no key and no header reaches an answer, an event, the state or the bytes of a checkpointer", async () => {
  const secrets = [
    "sk-planted-0123456789abcdef",
    "planted-header-value-42",
    "planted-configurable-77",
    "planted-pass-99",
  ];
  const [apiKey, header, configurable, password] = secrets as [string, string, string, string];
  const folder = await mkdtemp(join(tmpdir(), "clew-keys-"));
  // a server that repeats the key in its errors, as some do
  const server = createServer((request, response) => {
    const said = JSON.stringify({ error: { message: `Bad request with key ${request.headers.authorization}` } });
    response.writeHead(400, { "content-type": "application/json" }).end(said);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const checkpointer = SqliteSaver.fromConnString(join(folder, "threads.db"));
  try {
    const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    const models = new ChatOpenAI({
      model: "local",
      apiKey,
      configuration: { baseURL, defaultHeaders: { "x-secret": header } },
      maxRetries: 0,
    });
    let searches = 0;
    const retriever = myths({
      before: () => {
        searches += 1;
        if (searches === 1) throw new Error(`GET https://user:${password}@db.example/?api_key=${apiKey} failed`);
      },
    });
    const traces = memoryTraces();
    const agent = createRetrievalAgent({ retriever, models, checkpointer, traces });
    const config = { configurable: { secret: configurable }, metadata: { user: "u1" } };
    const events = await collect(agent.stream(chainQuestion, { thread: "t", config }));
    expect(events.at(-1)?.type).toBe("done");
    checkpointer.db.pragma("wal_checkpoint(TRUNCATE)");
    const files = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), "latin1")));
    expect(files.join("")).toContain("Theseus");
    const runs: unknown[] = [];
    for await (const run of traces.list(scope("acme"))) runs.push(await traces.read(scope("acme"), run));
    expect(runs).toHaveLength(1);
    const seen = [JSON.stringify(events), JSON.stringify(runs), ...files].join("\n");
    for (const secret of secrets) expect(seen.includes(secret), secret).toBe(false);
  } finally {
    checkpointer.db.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true, force: true });
  }
});
