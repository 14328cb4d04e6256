import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import {
  agentTool,
  createResearcher,
  createRetrievalAgent,
  openTelemetry,
  replay,
  searchTool,
  toUIMessageStream,
} from "@clew/agents";
import { type Answer, defineRetriever, eraser, type Retriever, scope, type Trace } from "@clew/core";
import { bundle } from "@clew/core/proof";
import { sourceInputs } from "@clew/core/testing";
import { endpoint } from "@clew/endpoints";
import { testMind, testModelServer } from "@clew/endpoints/testing";
import { memoryIndex } from "@clew/index";
import { fileTraces, receiptFile } from "@clew/record";
import { lexical, live } from "@clew/retrievers";
import { awaitAllCallbacks } from "@langchain/core/callbacks/promises";
import { BaseTracer, type Run } from "@langchain/core/tracers/base";
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { expect, it, onTestFinished } from "vitest";
import { mcpServer } from "./mcp/mcp-server.js";

/** In every place where a key may stand; of none a pattern would know the shape by itself. */
const apiKey = "option-zebra-9917";
const headers = { "x-gateway-token": "header-zebra-3358", authorization: "Bearer header-zebra-5521" };
const configurable = { api_key: "configurable-zebra-1207", session_token: "configurable-zebra-1208" };
/** What a client of somebody's own lets slip when it fails. */
const slip =
  "GET https://zoe:url-zebra-7126@search.example.test/find?api_key=query-zebra-3301 failed: 401, Authorization: Bearer bearer-zebra-8814";
const secret = /zebra/i;

/** As a logger would print it, as a store would keep it, and all that hangs on it. */
function everything(value: unknown): string {
  const texts = [inspect(value, { depth: 12, showHidden: true, getters: true })];
  try {
    texts.push(JSON.stringify(value) ?? "");
  } catch {
    // a circle; it was printed above
  }
  return texts.join("\n");
}

/** What whoever shows an error shows of it, its causes aside: those are for whoever debugs the client that slipped. */
const shown = (error: unknown): string => (error instanceof Error ? `${error.name} ${error.message}` : String(error));

async function filesIn(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return (await Promise.all(files.map((path) => readFile(path, "latin1")))).join("\n");
}

/** Refuses everything, and says back every header and address that it was sent. */
async function echo() {
  const heard: string[] = [];
  const server = createServer((request, response) => {
    heard.push(JSON.stringify(request.headers));
    const message = `refused ${request.url} ${JSON.stringify(request.headers)}`;
    response.writeHead(401, { "content-type": "application/json" }).end(JSON.stringify({ error: { message } }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return { baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, heard };
}

class Gathering extends BaseTracer {
  readonly name = "gathering";
  readonly roots: Run[] = [];
  protected override async persistRun(run: Run): Promise<void> {
    this.roots.push(run);
  }
}

async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "clew-planted-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const question = "Who built the Labyrinth?";
const acme = scope("acme");

async function parts(where: "works" | "model" | "search") {
  const index = memoryIndex();
  onTestFinished(() => index.close());
  await index.sync(acme, sourceInputs(["The Labyrinth was built by Daedalus. It stands in Crete."]));
  const found = lexical(index.in(acme));
  const server = await testModelServer({
    protocol: "openai-compatible",
    answer: testMind({ text: () => "The Labyrinth was built by Daedalus." }),
  });
  onTestFinished(() => server.close());
  const refusing = await echo();
  const model = endpoint({
    kind: "openai-compatible",
    baseURL: where === "model" ? refusing.baseURL : server.baseURL,
    model: "mine",
    apiKey,
    headers: { "x-gateway-token": headers["x-gateway-token"] },
    maxRetries: 0,
  });
  const slips = async (): Promise<never> => {
    throw new Error(slip, { cause: new Error(slip) });
  };
  const failing: Record<string, { retriever: Retriever; about: string }> =
    where === "search"
      ? {
          own: { retriever: defineRetriever("own", slips, { scope: acme }), about: "A retriever of one's own." },
          web: { retriever: live(slips, { name: "web", retries: 0 }), about: "A live source." },
        }
      : {};
  const heard = (): string =>
    [...refusing.heard, ...server.requests.map((request) => JSON.stringify(request.headers))].join("\n");
  return { index, found, model, sources: { docs: { retriever: found, about: "Myths." }, ...failing }, heard };
}

it.each(["works", "model", "search"] as const)(
  "keys show in nothing that a run leaves behind: %s",
  async (where) => {
    const folder = await scratch();
    const { index, found, model, sources, heard } = await parts(where);
    const seen = new Map<string, string>();
    const see = (name: string, value: unknown): void => {
      seen.set(name, `${seen.get(name) ?? ""}\n${typeof value === "string" ? value : everything(value)}`);
    };
    const attempt = async (work: () => Promise<void>, name: string): Promise<void> => {
      try {
        await work();
      } catch (error) {
        // of a served model nothing slips, however deep one looks; what a foreign client said is below, for its operator
        see(`error of ${name}`, where === "search" ? shown(error) : everything(error));
      }
    };
    const saver = SqliteSaver.fromConnString(join(folder, "threads.db"));
    const traces = fileTraces(join(folder, "traces"));
    const tracer = new Gathering();
    const config = { callbacks: [tracer], configurable };
    for (const content of [true, false]) {
      const exporter = new InMemorySpanExporter();
      const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
      const telemetry = await openTelemetry({ tracer: provider.getTracer("t"), content });
      const agent = createRetrievalAgent({
        sources,
        models: model,
        budget: { hops: 1 },
        ...{ checkpointer: saver, traces, telemetry, outbound: {} },
      });
      const afterwards = async ({ id, trace: { ...trace }, ...rest }: Answer): Promise<void> => {
        see("feedback", await agent.feedback(id, { verdict: "right", correction: "Daedalus.", consent: "record" }));
        const kept = JSON.parse(JSON.stringify(trace)) as Trace;
        expect(JSON.stringify(await replay(kept))).toBe(JSON.stringify({ id, ...rest, trace }));
        const lines = kept.lines.map((line, at) => (at === 2 ? { ...line, hash: "0".repeat(64) } : line));
        for (const one of [
          { ...kept, lines },
          { ...kept, texts: {} },
        ]) {
          const error = await replay(one).catch((caught: unknown) => caught);
          expect(error).toBeInstanceOf(Error);
          see("replay that fails", everything(error));
        }
      };
      const told: unknown[] = [];
      let answer: Answer | undefined;
      await attempt(async () => {
        for await (const event of agent.stream(question, { thread: `t${content}`, config })) {
          told.push(event);
          if (event.type !== "done") continue;
          answer = event.answer;
          const proof = await event.answer.bundle();
          see("bundle of an answer", proof.html + JSON.stringify(proof.json));
        }
      }, "ask");
      see("events", told);
      see("answer", answer);
      if (answer !== undefined) await afterwards(answer);
      const ui = toUIMessageStream(agent.stream(question, { config }), { drafts: true });
      for await (const chunk of ui as unknown as AsyncIterable<unknown>) see("UI stream", chunk);

      const researcher = createResearcher({
        sources,
        models: model,
        sections: 2,
        budget: { hops: 3 },
        traces,
        telemetry,
      });
      await attempt(async () => {
        for await (const event of researcher.stream(question, { config })) {
          see("events of research", event);
          if (event.type !== "done") continue;
          const proof = await bundle(event.report);
          see("bundle of a report", proof.html + JSON.stringify(proof.json));
        }
      }, "research");
      const tools = [
        agentTool(agent, { name: "asks", description: "Asks." }),
        ...Object.values(sources).map(({ retriever }, at) =>
          searchTool(retriever, { name: `s${at}`, description: "Searches." }),
        ),
      ];
      for (const [at, tool] of tools.entries()) {
        const args = at === 0 ? { question } : { query: question };
        const outcome = await tool
          .invoke({ name: tool.name, args, id: "1", type: "tool_call" }, config)
          .catch((error: unknown) => shown(error));
        see("tools", outcome);
      }
      await provider.forceFlush();
      see(
        `spans, content ${content}`,
        exporter
          .getFinishedSpans()
          .map(({ name, attributes, events, status }) => ({ name, attributes, events, status })),
      );
      const server = await mcpServer({
        retriever: Object.values(sources).at(-1)!.retriever,
        agent,
        view: index.in(acme),
      });
      const client = new Client({ name: "test", version: "1" });
      const [ours, theirs] = InMemoryTransport.createLinkedPair();
      await Promise.all([server.connect(theirs), client.connect(ours)]);
      const calls = { search: { query: question }, ask: { question }, fetch_passage: { id: "none" } };
      for (const [name, args] of Object.entries(calls)) see("MCP", await client.callTool({ name, arguments: args }));
      await client.close();
    }
    await awaitAllCallbacks();
    expect(tracer.roots.length).toBeGreaterThan(3);
    see("runs as LangSmith sees them", tracer.roots);
    const source = (await found.search(question)).hits[0]!.passage.source;
    see("files", await filesIn(folder));
    const receipts = receiptFile(join(folder, "receipts.ndjson"));
    see("receipt", await eraser({ scope: acme, index, places: { traces }, receipts }).erase(source));
    see("files after erase", await filesIn(folder));
    saver.db.close();

    expect(heard()).toContain(apiKey);
    expect(heard()).toContain(headers["x-gateway-token"]);
    expect(seen.get("files")).toContain("Labyrinth");
    const shows = [...seen].flatMap(([name, text]) => {
      const at = text.search(secret);
      return at < 0 ? [] : [`${name}: ${text.slice(Math.max(0, at - 200), at + 60)}`];
    });
    expect(shows).toEqual([]);
  },
  120_000,
);

/** Starts a command with a key in its environment, and gathers all that it writes. */
function started(script: string, ...words: string[]) {
  const child = spawn(process.execPath, [fileURLToPath(new URL(script, import.meta.url)), ...words], {
    env: { ...process.env, ENDPOINT_API_KEY: "environment-zebra-4402" },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let out = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (piece) => {
      out += piece;
    });
  }
  return { child, out: () => out, ended: once(child, "close") };
}

/** Documents of its own, in a folder of its own. */
async function someDocs(): Promise<string> {
  const folder = join(await scratch(), "docs");
  await mkdir(folder);
  await writeFile(join(folder, "crete.md"), "# Crete\n\nThe labyrinth was built by Daedalus.\n");
  return folder;
}

const command = "../dist/cli/main.js";

it("clew, its server and the examples show no key of a model that refuses it, nor one in an address", async () => {
  const { baseURL, heard } = await echo();
  const spec = `openai-compatible:${baseURL}#mine`;
  const withKey = `openai-compatible:${baseURL.replace("://", "://zoe:url-zebra-7126@")}?api_key=query-zebra-3301#mine`;
  const seen = new Map<string, string>();
  const docs = await someDocs();
  const index = join(docs, "..", "index");

  for (const model of [spec, withKey]) {
    const ask = started(command, "ask", question, docs, "--index", index, "--model", model, "--json");
    await ask.ended;
    seen.set(`clew ask ${model === spec}`, ask.out());

    const mcp = started(command, "mcp", docs, "--index", index, "--model", model);
    const say = (id: number, method: string, params: unknown): void =>
      void mcp.child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
    mcp.child.stdin.on("error", () => undefined); // it may refuse its options first
    say(1, "initialize", {
      protocolVersion: "2025-06-18",
      capabilities: {},
      clientInfo: { name: "raw", version: "1" },
    });
    say(2, "tools/call", { name: "ask", arguments: { question } });
    if (model === spec) await expect.poll(mcp.out, { timeout: 30_000 }).toContain('"id":2');
    mcp.child.stdin.end();
    await mcp.ended;
    seen.set(`clew mcp ${model === spec}`, mcp.out());

    const research = started("../../../examples/research/dist/main.js", docs, "--port", "0", "--model", model);
    const support = started(
      "../../../examples/support/dist/main.js",
      ...["--port", "0", "--docs", docs, "--data", join(docs, "..", `data-${model === spec}`), "--model", model],
    );
    if (model === spec) {
      await expect.poll(research.out, { timeout: 30_000 }).toMatch(/Open \S+/);
      const at = /Open (\S+)/.exec(research.out())![1]!;
      const asked = {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ question }),
      };
      for (const path of ["about", "health", ""])
        seen.set(`research /${path}`, await (await fetch(`${at}${path}`)).text());
      seen.set("research", await (await fetch(`${at}research`, asked)).text());

      await expect.poll(support.out, { timeout: 30_000 }).toMatch(/The chat: \S+/);
      const chat = /The chat: (\S+)/.exec(support.out())![1]!;
      const signedIn = await fetch(`${chat}/sign-in`, { ...asked, body: JSON.stringify({ customer: "amy" }) });
      const cookie = signedIn.headers.get("set-cookie")!.split(";")[0]!;
      const said = await fetch(`${chat}/chat`, {
        ...asked,
        headers: { ...asked.headers, cookie },
        body: JSON.stringify({ question, thread: "t" }),
      });
      seen.set("support", await said.text());
      seen.set("the desk", await (await fetch(`${chat}/handovers`)).text());
      expect(seen.get("research")).toMatch(/event: (?:done|failed)/);
      expect(seen.get("support")).toMatch(/event: (?:done|failed)/);
      research.child.kill("SIGINT");
      support.child.kill("SIGINT");
    }
    await Promise.all([research.ended, support.ended]);
    seen.set(`what research printed ${model === spec}`, research.out());
    seen.set(`what support printed ${model === spec}`, support.out());
  }
  seen.set("files", await filesIn(join(docs, "..")));
  expect(heard.join("")).toContain("environment-zebra-4402");
  for (const [name, text] of seen) expect([name, text]).toEqual([name, expect.not.stringMatching(secret)]);
}, 180_000);
