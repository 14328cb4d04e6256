import type { ServerResponse } from "node:http";
import { aHit, testReranker } from "@clew/core/testing";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { serve } from "../test/local-server.js";
import { answerTask, taskServer } from "../test/task-server.js";
import { rerankEndpoint } from "./rerank-endpoint.js";
import type { RerankEndpointOptions } from "./task-options.js";

const credentials = { accessKeyId: "AKIAPLANTEDKEY000001", secretAccessKey: "planted/secret+key==" };
const kinds: readonly [string, (baseURL: string) => RerankEndpointOptions][] = [
  ["vllm", (baseURL) => ({ kind: "vllm", baseURL: `${baseURL}/v1`, model: "tuned" })],
  ["tei", (baseURL) => ({ kind: "tei", baseURL })],
  ["huggingface", (baseURL) => ({ kind: "huggingface", baseURL, apiKey: "planted-key-0123456789" })],
  ["sagemaker", (baseURL) => ({ kind: "sagemaker", endpoint: "tuned", region: "eu-west-1", credentials, baseURL })],
];
const hits = ["a thread", "no", "the thread"].map((text, index) => aHit({ id: `p${index}`, text, title: "" }));

beforeEach(() => {
  for (const name of ["HF_TOKEN", "VLLM_API_KEY"]) vi.stubEnv(name, "");
});
afterEach(() => vi.unstubAllEnvs());

describe.each(kinds)("rerankEndpoint of kind %s", (_name, options) => {
  testReranker({ make: async () => rerankEndpoint(options((await taskServer()).baseURL)) });
});

describe("rerankEndpoint", () => {
  it("speaks each protocol at a set address (D9)", async () => {
    const { baseURL, arrived } = await taskServer();
    for (const [, options] of kinds) {
      const { scores } = await rerankEndpoint(options(baseURL)).rerank("the thread", hits);
      expect(scores.map((score) => score!.toFixed(2))).toEqual(["0.33", "0.00", "0.67"]);
    }
    expect(arrived.map(({ path }) => path)).toEqual([
      "/v1/rerank",
      "/rerank",
      "/rerank",
      "/endpoints/tuned/invocations",
    ]);
    expect(arrived[0]!.body).toEqual({
      model: "tuned",
      query: "the thread",
      documents: ["a thread", "no", "the thread"],
    });
    expect(arrived[2]!.headers.authorization).toBe("Bearer planted-key-0123456789");
  });

  it("waits for a host that sleeps", async () => {
    const { baseURL, arrived } = await serve((one, response) =>
      one.nth <= 2 ? response.writeHead(503).end() : answerTask(one, response),
    );
    const reranker = rerankEndpoint({
      kind: "tei",
      baseURL,
      coldStartMs: 10_000,
      maxRetries: 0,
      sleep: async () => {},
    });
    expect((await reranker.rerank("thread", hits)).scores).not.toContain(undefined);
    expect(arrived).toHaveLength(3);
  });

  it.each<[string, (response: ServerResponse) => unknown, string]>([
    ["status 403", (r) => r.writeHead(403).end("no"), "service-refused"],
    ["status 500", (r) => r.writeHead(500).end(), "reranker-failed"],
    ["a broken connection", (r) => r.destroy(), "reranker-failed"],
    ["silence", () => undefined, "timed-out"],
    ["no JSON", (r) => r.end("<html>"), "reranker-failed"],
    ["another form", (r) => r.end('[{"label":"a"},1]'), "reranker-failed"],
    ["a score too few", (r) => r.end('[{"index":0,"score":1}]'), "reranker-failed"],
  ])("answers %s with a typed error", async (_name, answer, code) => {
    const { baseURL } = await serve((_, response) => answer(response));
    for (const kind of [1, 3]) {
      const options = { ...kinds[kind]![1](baseURL), maxRetries: 0, timeoutMs: 300 } as RerankEndpointOptions;
      await expect(rerankEndpoint(options).rerank("q", hits)).rejects.toMatchObject({ code });
    }
  });

  it.each([
    { kind: "openai", model: "m" },
    { kind: "vllm", baseURL: "http://x" },
    { kind: "tei" },
    { kind: "tei", baseURL: "http://x", batchSize: 0 },
    { kind: "tei", baseURL: "http://x", dimensions: 3 },
  ])("refuses %j", (options) => {
    expect(() => rerankEndpoint(options as RerankEndpointOptions)).toThrowError(
      expect.objectContaining({ code: "invalid-option" }),
    );
  });
});
