import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { openTelemetry } from "@clew/agents";
import { defineRetriever } from "@clew/core";
import { sourceInputs } from "@clew/core/testing";
import { endpoint, modelSource, routed } from "@clew/endpoints";
import { type ModelCall, testMind, testModelServer } from "@clew/endpoints/testing";
import { lexical } from "@clew/retrievers";
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { expect, it, onTestFinished } from "vitest";
import {
  type Answer,
  createRetrievalAgent,
  files,
  fileTraces,
  linked,
  memoryIndex,
  miniLM,
  openIndex,
  scope,
  verifyTrace,
} from "./index.js";

const sample = fileURLToPath(new URL("../../../examples/ask/sample/", import.meta.url));
const child = fileURLToPath(new URL("testing/replaying-child.mjs", import.meta.url));

async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "clew-replay-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Another process rebuilds every run of the folder from its files alone. */
async function expectRebuilt(folder: string, tenant: string, answers: readonly Answer[]): Promise<void> {
  const { stdout } = await promisify(execFile)(process.execPath, [child, folder, tenant], { maxBuffer: 1e9 });
  const rebuilt = new Map(
    stdout
      .trimEnd()
      .split("\n")
      .map((line) => [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)]),
  );
  expect([...rebuilt.keys()].sort()).toEqual(answers.map(({ id }) => id).sort());
  for (const answer of answers) expect(rebuilt.get(answer.id)).toBe(JSON.stringify(answer));
}

it("answers over the sample corpus, with embedder and links, are rebuilt by another process from files alone", async () => {
  const folder = await scratch();
  const embedder = miniLM();
  const index = await openIndex(join(folder, "index"), { embedder });
  const me = scope("me");
  const questions: readonly { readonly question: string; readonly sources: readonly string[] }[] = JSON.parse(
    await readFile(join(sample, "questions.json"), "utf8"),
  );
  const asked = questions.slice(0, 6);
  const others = (await readdir(join(sample, "wikipedia"))).sort().filter((_, at) => at % 8 === 0);
  const names = new Set([...asked.flatMap(({ sources }) => sources), ...others.map((name) => `wikipedia/${name}`)]);
  const paths = [...names].map((name) => join(sample, name));
  await index.sync(me, files(paths, { base: sample }));
  const traces = fileTraces(join(folder, "traces"));
  const agent = createRetrievalAgent({ retriever: linked(index.in(me)), traces });
  const answers = await Promise.all(asked.map(({ question }) => agent.ask(question)));
  await index.close();
  await embedder.close();
  expect(answers.filter(({ status }) => status === "answered").length).toBeGreaterThan(2);
  expect(answers.some(({ hops }) => hops.length > 1)).toBe(true);
  await expectRebuilt(join(folder, "traces"), "me", answers);
}, 240_000);

const sentence = "The Labyrinth was built by Daedalus for King Minos.";
const said = (call: ModelCall): string => call.messages.map(({ content }) => content).join("\n");

it("20 runs side by side over one agent and its thread store are each their own, and each rebuilt by another process", async () => {
  const folder = await scratch();
  const acme = scope("acme");
  const index = memoryIndex();
  await index.sync(acme, sourceInputs([`${sentence} It is remembered to this day.`, "Bread rises."]));
  const questionOf = (number: number): string => `Run ${number}: who built the Labyrinth?`;
  const numberIn = (text: string): number => Number(/Run (\d+)/.exec(text)?.[1]);
  const seenTogether: string[] = [];
  const server = await testModelServer({
    protocol: "vllm",
    model: "base",
    adapters: ["lora"],
    answer: (call) => {
      const text = said(call);
      const number = numberIn(text);
      const all = new Set(text.match(/Run \d+/g));
      if (all.size !== 1) seenTogether.push([...all].join(" "));
      // the adapter of every third run is not there, and the base stands in
      if (call.model === "lora" && number % 3 === 0) return { refused: 404, message: "model lora does not exist" };
      const decided = text.includes("You decide")
        ? { kind: "retrieve", question: questionOf(number), text: null, why: "facts" }
        : text.includes("You plan")
          ? { subQuestions: [{ id: "q1", question: questionOf(number), dependsOn: [] }] }
          : undefined;
      const written = `${sentence} [${/\[(E\d+)\]/.exec(text)?.[1] ?? "E1"}: "${sentence}"]`;
      return testMind({
        jsonSchema: "kept",
        text: () => (decided === undefined ? written : JSON.stringify(decided)),
        object: () => decided,
      })(call);
    },
  });
  const served = (model: string, baseURL = server.baseURL) =>
    endpoint({ kind: "vllm", baseURL, model, maxRetries: 0, environment: {} });
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const saver = SqliteSaver.fromConnString(join(folder, "threads.db"));
  const base = modelSource(served("base"), { probe: false });
  const traces = fileTraces(join(folder, "traces"));
  const fails = async (): Promise<never> => {
    throw new Error("this search is out of order");
  };
  const agent = createRetrievalAgent({
    sources: {
      docs: { retriever: lexical(index.in(acme)), about: "Myths." },
      broken: { retriever: defineRetriever("broken", fails, { scope: acme }), about: "More myths." },
    },
    models: {
      default: base,
      writer: routed({ base, adapters: { writer: served("lora") }, by: "role" }),
      // it is chosen at the call, and then it may not be asked
      grader: modelSource(served("base", "http://192.0.2.1:9/v1"), { probe: false }),
    },
    outbound: { roles: ["writer"] },
    telemetry: await openTelemetry({ tracer: provider.getTracer("t") }),
    ...{ checkpointer: saver, traces, budget: { hops: 2 } },
  });
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, number) => agent.ask(questionOf(number), { thread: `t${number}` })),
  );
  await server.close();
  await index.close();
  saver.db.close();

  expect(seenTogether).toEqual([]);
  const codes = new Set<string>();
  for (const [number, answer] of answers.entries()) {
    // one of its places is out of order, and nobody graded
    expect([answer.question, answer.status]).toEqual([questionOf(number), "partial"]);
    expect(answer.text).toContain("Daedalus");
    expect(new Set(JSON.stringify(answer).match(/Run \d+/g))).toEqual(new Set([`Run ${number}`]));
    expect(verifyTrace(answer.trace).code).toBe("intact");
    for (const { code } of answer.notes) codes.add(code);
  }
  expect([...codes].sort()).toEqual(expect.arrayContaining(["fell-back", "outbound", "sub-question-failed"]));
  expect(JSON.stringify(answers[0]!.notes)).toContain("nothing was sent");
  const roots = exporter.getFinishedSpans().filter(({ name }) => name === "invoke_agent clew");
  expect(new Set(roots.map(({ attributes }) => attributes["clew.run.id"])).size).toBe(20);
  await expectRebuilt(join(folder, "traces"), "acme", answers);
}, 120_000);
