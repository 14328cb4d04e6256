import type { ServerResponse } from "node:http";
import { inspect } from "node:util";
import { testEmbedder } from "@clew/core/testing";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { serve } from "../test/local-server.js";
import { answerTask, hashVector, taskServer } from "../test/task-server.js";
import { embeddingEndpoint } from "./embedding-endpoint.js";
import type { EmbeddingEndpointOptions } from "./task-options.js";

const credentials = { accessKeyId: "AKIAPLANTEDKEY000001", secretAccessKey: "planted/secret+key==" };
const key = "planted-key-0123456789";
const kinds: readonly [string, (baseURL: string) => EmbeddingEndpointOptions][] = [
  ["vllm", (baseURL) => ({ kind: "vllm", baseURL: `${baseURL}/v1/`, model: "tuned", apiKey: key })],
  ["openai", (baseURL) => ({ kind: "openai", baseURL: `${baseURL}/v1`, model: "tuned", apiKey: key })],
  ["openai-compatible", (baseURL) => ({ kind: "openai-compatible", baseURL: `${baseURL}/v1`, model: "tuned" })],
  ["tei", (baseURL) => ({ kind: "tei", baseURL, apiKey: key })],
  ["huggingface", (baseURL) => ({ kind: "huggingface", baseURL, apiKey: key })],
  ["sagemaker", (baseURL) => ({ kind: "sagemaker", endpoint: "tuned", region: "eu-west-1", credentials, baseURL })],
  [
    "sagemaker, as OpenAI",
    (baseURL) => ({
      ...{ kind: "sagemaker", endpoint: "tuned", region: "eu-west-1", credentials, baseURL, bodyStyle: "openai" },
    }),
  ],
];

beforeEach(() => {
  for (const name of ["OPENAI_API_KEY", "HF_TOKEN", "VLLM_API_KEY"]) vi.stubEnv(name, "");
});
afterEach(() => vi.unstubAllEnvs());

describe.each(kinds)("embeddingEndpoint of kind %s", (_name, options) => {
  testEmbedder({ make: async () => embeddingEndpoint(options((await taskServer()).baseURL)) });
});

describe("embeddingEndpoint", () => {
  it("speaks each protocol at a set address (D9), with its key, and names what it serves", async () => {
    const { baseURL, arrived } = await taskServer();
    const ids: string[] = [];
    for (const [, options] of kinds) ids.push((await embeddingEndpoint(options(baseURL))).fingerprint.id);
    expect(ids).toEqual([
      "vllm:tuned",
      "openai:tuned",
      "openai-compatible:tuned",
      "tei:tuned/embedder@0123456789ab",
      "huggingface:served",
      "sagemaker:tuned",
      "sagemaker:tuned",
    ]);
    expect(arrived.map(({ path }) => path)).toEqual([
      ...Array(3).fill("/v1/embeddings"),
      "/info",
      "/embed",
      "/",
      ...Array(2).fill("/endpoints/tuned/invocations"),
    ]);
    const { headers, body } = arrived[0]!;
    expect(headers.authorization).toBe(`Bearer ${key}`);
    expect(body).toEqual({ model: "tuned", input: ["thread"], encoding_format: "float" });
  });

  it("takes the limits that tei tells of, and prefixes", async () => {
    const { baseURL, arrived } = await taskServer();
    const embedder = await embeddingEndpoint({ kind: "tei", baseURL, queryPrefix: "query: ", revision: "r7" });
    expect(embedder.fingerprint).toMatchObject({ id: "tei:tuned/embedder@r7", maxTokens: 64, dimensions: 48 });
    const texts = Array.from({ length: 6 }, (_, index) => `text ${index}`);
    const { vectors } = await embedder.embedDocuments(texts);
    const norm = Math.hypot(...hashVector("text 3"));
    expect([...vectors[3]!]).toEqual([...Float32Array.from(hashVector("text 3"), (value) => value / norm)]);
    await embedder.embedQuery("x");
    expect(arrived.slice(2).map(({ body }) => body.inputs.length)).toEqual([4, 2, 1]);
    expect(arrived.at(-1)!.body.inputs).toEqual(["query: x"]);
  });

  it("waits for a host that sleeps, and repeats what may pass", async () => {
    const { baseURL, arrived } = await serve((one, response) => {
      if (one.nth <= 3) response.writeHead(503).end();
      else if (one.nth === 5) response.writeHead(429, { "retry-after": "1" }).end();
      else answerTask(one, response);
    });
    const slept: number[] = [];
    const embedder = await embeddingEndpoint({
      ...{ kind: "huggingface", baseURL, coldStartMs: 60_000, retries: 1 },
      sleep: async (ms) => void slept.push(ms),
    });
    const { notes } = await embedder.embedQuery("x");
    expect(slept).toEqual([2000, 2000, 2000, 1000]);
    expect([arrived.length, notes.map(({ code }) => code)]).toEqual([6, ["retried"]]);
  });

  it.each<[string, (response: ServerResponse) => unknown]>([
    ["status 401", (r) => r.writeHead(401).end("no")],
    ["status 500", (r) => r.writeHead(500).end()],
    ["a broken connection", (r) => r.destroy()],
    ["silence", () => undefined],
    ["no JSON", (r) => r.end("<html>")],
    ["another form", (r) => r.end('{"ok":true}')],
    ["a vector too few", (r) => r.end("[]")],
    ["vectors of tokens", (r) => r.end("[[[1,2]]]")],
    ["text for numbers", (r) => r.end('[["1"]]')],
    ["no number", (r) => r.end("[[1e999]]")],
    ["a vector of another length", (r) => r.end("[[1,2,3]]")],
  ])("answers %s with a typed error", async (_name, answer) => {
    const { baseURL } = await serve((_, response) => answer(response));
    const made = embeddingEndpoint({ ...{ kind: "huggingface", baseURL, dimensions: 2, retries: 0, timeoutMs: 300 } });
    await expect((await made).embedQuery("x")).rejects.toMatchObject({ code: "embedder-failed" });
  });

  it("keeps keys out of its errors, though the service repeats them", async () => {
    const { baseURL } = await serve(({ headers }, response) =>
      response.writeHead(400).end(`${headers.authorization} ${headers["x-gateway"]} ${credentials.secretAccessKey}`),
    );
    for (const [, options] of kinds) {
      const error = await embeddingEndpoint({ ...options(baseURL), retries: 0 } as EmbeddingEndpointOptions).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      const shown = inspect(error, { depth: 9, showHidden: true });
      expect(error).toMatchObject({ code: "embedder-failed" });
      expect(shown).not.toContain(key);
      if (options(baseURL).kind === "sagemaker") expect(shown).not.toContain(credentials.secretAccessKey);
    }
  });

  it.each<[object, string]>([
    [{ kind: "ollama", baseURL: "http://x" }, "invalid-option"],
    [{ kind: "vllm", baseURL: "http://x" }, "invalid-option"],
    [{ kind: "tei" }, "invalid-option"],
    [{ kind: "openai", model: "m" }, "missing-key"],
    [{ kind: "sagemaker", endpoint: "" }, "invalid-option"],
    [{ kind: "tei", baseURL: "http://x", endpoint: "e" }, "invalid-option"],
    [{ kind: "huggingface", baseURL: "http://x", dimensions: 2, timeoutMs: 0 }, "invalid-option"],
    [{ kind: "huggingface", baseURL: "http://x", dimensions: 2, coldStartMs: -1 }, "invalid-option"],
  ])("refuses %j", async (options, code) => {
    await expect(embeddingEndpoint(options as EmbeddingEndpointOptions)).rejects.toMatchObject({ code });
  });
});
