import { readFileSync } from "node:fs";
import { type Answer, noUsage, quoteTagForm, sealTrace } from "@clew/core";
import { aCall } from "@clew/core/testing";
import { expect, it } from "vitest";
import {
  canary,
  embeddingEndpoint,
  endpoint,
  escalating,
  fitEscalation,
  modelSource,
  probe,
  rerankEndpoint,
  routed,
} from "./index.js";
import { taskServer } from "./test/task-server.js";
import { testMind, testModelServer } from "./testing/index.js";

it("the example of the README runs", async () => {
  const shown: unknown[] = [];
  const console = { log: (...said: unknown[]) => shown.push(...said) };

  // a server on the loopback that speaks vLLM's protocol; in earnest, baseURL is such as http://gpu:8000/v1
  const answer = testMind({ tools: "kept" });
  const server = await testModelServer({ protocol: "vllm", adapters: ["my-lora"], answer });
  const writer = endpoint({ kind: "vllm", model: "my-lora", baseURL: server.baseURL, maxTokens: 512 });

  const report = await probe(writer); // at most 12 calls of few tokens; plain JSON, to be kept
  console.log(report.text); // tools yes, JSON schema no, context 8192 tokens, … each with what was seen

  const said = await writer.invoke("Where does the thread lead?");
  console.log(said.text, said.response_metadata.served); // { kind: "vllm", model: "my-lora", adapterOf: "test-model", … }
  const models = { writer: modelSource(writer, { probe: report }) }; // for createRetrievalAgent({ models })
  await server.close();

  expect(shown[0]).toMatch(/tools +yes[\s\S]*JSON schema +no[\s\S]*context +8192 tokens/);
  expect(shown[1]).toContain("labyrinth");
  expect(shown[2]).toMatchObject({ kind: "vllm", model: "my-lora", adapterOf: "test-model" });
  expect(typeof models.writer).toBe("function");
});

it("the second example runs", async () => {
  const gpu = await taskServer();
  const scores = Array.from({ length: 60 }, (_, at) => at / 60);
  const correct = scores.map((score) => score > 0.4);
  const answerOf = (text: string): Answer => ({
    ...{ id: "run", question: "Which river?", status: "answered", text, sentences: [], citations: [], evidence: [] },
    ...{ hops: [], notes: [], usage: noUsage, trace: sealTrace({ run: "a1", entries: [], runtime: { now: () => 1 } }) },
  });
  const extractive = { ask: async () => answerOf("quoted") };
  const tuned = { ask: async () => answerOf("written") };

  const make = (model: string) => endpoint({ kind: "vllm", model, baseURL: gpu.baseURL });
  const base = make("base-model");

  // adapters by role, or by tenant; one that is missing, slow or failing gives way to the base, with a note
  const byRole = routed({ base, adapters: { writer: "lora-a" }, by: "role", make });
  const byTenant = routed({ base: byRole, adapters: { acme: "lora-b" }, by: "scope", make });
  // 5 % of the runs, whole, to a candidate; the trace says which
  const tried = canary({ base: byTenant, candidate: make("lora-c"), share: 0.05 });
  // the prompt and the shape of answers that a model was trained on: house, markers, quote tags, prose
  const slot = { writer: { model: tried, form: quoteTagForm() }, default: base };

  // the threshold that keeps errors among answered questions at 10 % with 90 % confidence, from scored and judged answers
  const { threshold = 1 } = fitEscalation({ scores, correct, maxError: 0.1 });
  const careful = escalating({ rungs: { extractive, tuned }, threshold });

  // tuned embedders and rerankers: the fingerprint's probe vector finds a silent re-tune
  const embedder = await embeddingEndpoint({ kind: "vllm", baseURL: gpu.baseURL, model: "tuned-embedder" });
  const reranker = rerankEndpoint({ kind: "vllm", baseURL: gpu.baseURL, model: "tuned-reranker" });

  expect((await byRole(aCall({ role: "writer" }))).served).toBe("lora-a");
  expect((await byRole(aCall({ role: "planner" }))).served).toBe("base-model");
  expect((await slot.writer.model(aCall({ role: "writer" }))).served).toMatch(/^lora-/);
  expect(threshold).toBeGreaterThan(0.3);
  // nothing supports these answers, so neither is given
  expect((await careful.ask("Which river?")).status).toBe("abstained");
  const [vector] = (await embedder.embedDocuments(["a thread"])).vectors;
  expect(vector!.length).toBe(48);
  expect(reranker).toBeDefined();
});

it("these are the lines of the README", () => {
  const read = (name: string): string => readFileSync(new URL(name, import.meta.url), "utf8");
  const blocks = [...read("../README.md").matchAll(/```ts\n([\s\S]*?)```/g)].map(([, block]) => block!);
  expect(blocks.length).toBe(2);
  const own = read("./readme.test.ts")
    .split("\n")
    .map((line) => line.trim());
  const lines = blocks
    .join("\n")
    .split("\n")
    .map((line) => line.trim());
  for (const line of lines.filter((one) => one !== "" && !one.startsWith("import "))) expect(own).toContain(line);
});
