import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Embeddings } from "@langchain/core/embeddings";
import { afterEach, describe, expect, it } from "vitest";
import type { Runtime } from "../run/runtime.js";
import { fixedRuntime } from "../testing/fixed-runtime.js";
import { hashEmbedder } from "../testing/hash-embedder.js";
import { testEmbedder } from "../testing/test-embedder.js";
import { embedderFrom } from "./embedder-from.js";
import { estimateEmbedding } from "./estimate-embedding.js";

type Reply = { status?: number; headers?: Record<string, string>; body?: unknown } | "hang";

const stopping: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stopping.splice(0)) await stop();
});

/** A service of 8-dimensional vectors, not normalised; `script` may answer otherwise. */
async function service(script: (request: number, texts: string[]) => Reply | undefined = () => undefined) {
  const requests: string[][] = [];
  const aborted: number[] = [];
  const inner = hashEmbedder({ dimensions: 8 });
  const server = createServer((request, response) => {
    let raw = "";
    request.on("data", (chunk) => {
      raw += chunk;
    });
    request.on("end", async () => {
      const texts = JSON.parse(raw) as string[];
      requests.push(texts);
      const number = requests.length;
      response.on("close", () => {
        if (!response.writableFinished) aborted.push(number);
      });
      const reply = script(number, texts);
      if (reply === "hang") return;
      const { vectors } = await inner.embedDocuments(texts);
      const body = reply?.body ?? vectors.map((vector) => Array.from(vector, (value) => value * 3));
      response.writeHead(reply?.status ?? 200, reply?.headers).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stopping.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { embeddings: new HttpEmbeddings(`http://127.0.0.1:${port}`), requests, aborted };
}

class HttpEmbeddings extends Embeddings {
  model = "wire-embed-1";

  constructor(private readonly url: string) {
    super({});
  }

  override async embedDocuments(texts: string[], { signal }: { signal?: AbortSignal } = {}): Promise<number[][]> {
    const response = await fetch(this.url, { method: "POST", body: JSON.stringify(texts), signal: signal ?? null });
    if (response.ok) return (await response.json()) as number[][];
    const { status, headers } = response;
    throw Object.assign(new Error(`${status} ${await response.text()}`), { status, headers });
  }

  override async embedQuery(text: string, options: { signal?: AbortSignal } = {}): Promise<number[]> {
    return (await this.embedDocuments([text], options))[0]!;
  }
}

/** A clock that sleeping moves. */
function clock(): { runtime: Runtime; sleep: (ms: number) => Promise<void>; slept: number[] } {
  const runtime = fixedRuntime();
  const slept: number[] = [];
  const sleep = async (ms: number): Promise<void> => {
    slept.push(ms);
    runtime.advance(ms);
  };
  return { runtime, sleep, slept };
}

const gone = new Error("the caller has gone");

describe("embedderFrom", () => {
  testEmbedder({ make: async () => embedderFrom((await service()).embeddings, { maxTokens: 32 }) });

  it("finds out the dimensions, once, and takes the model's name into the fingerprint", async () => {
    const { embeddings, requests } = await service();
    const embedder = await embedderFrom(embeddings, { documentPrefix: "d: ", queryPrefix: "q: " });
    expect(embedder.fingerprint).toEqual({
      id: "wire-embed-1",
      dimensions: 8,
      pooling: "model",
      normalised: true,
      queryPrefix: "q: ",
      documentPrefix: "d: ",
      maxTokens: 512,
    });
    expect(requests).toHaveLength(1);
    await embedder.embedDocuments(["one", "two", "one", " "]);
    await embedder.embedQuery("one");
    expect(requests.slice(1)).toEqual([["d: one", "d: two"], ["q: one"]]);
    await embedderFrom(embeddings, { dimensions: 8 });
    expect(requests).toHaveLength(3);
  });

  it("knows the limits of well-known models, and wants a name", async () => {
    const { embeddings } = await service();
    const known = await embedderFrom(embeddings, { id: "text-embedding-3-small", dimensions: 8 });
    expect(known.fingerprint.maxTokens).toBe(8191);
    embeddings.model = "";
    await expect(embedderFrom(embeddings)).rejects.toMatchObject({ code: "invalid-option" });
    await expect(embedderFrom(embeddings, { id: "x", batchSize: 0 })).rejects.toMatchObject({ code: "invalid-option" });
  });

  it("sends batches, and counts requests, tokens and money", async () => {
    const { embeddings, requests } = await service();
    const countTokens = (text: string): number => text.split(" ").length;
    const embedder = await embedderFrom(embeddings, {
      dimensions: 8,
      batchSize: 2,
      usdPerMillionTokens: 20,
      countTokens,
    });
    const texts = ["a b", "c", "d e f", "g", "h"];
    const { vectors, usage } = await embedder.embedDocuments(texts);
    expect(requests.map((sent) => sent.length).sort()).toEqual([1, 2, 2]);
    expect(usage).toEqual({ inputTokens: 8, outputTokens: 0, calls: 3, usd: 0.00016 });
    for (const [index, text] of texts.entries()) {
      expect(vectors[index]).toEqual((await embedder.embedDocuments([text])).vectors[0]);
    }
    expect(estimateEmbedding({ tokens: 50_000, embedder })).toEqual({ tokens: 50_000, usd: 1 });
    expect(estimateEmbedding({ tokens: 5, embedder: hashEmbedder() }).usd).toBeUndefined();
  });

  it("waits as long as Retry-After says, else longer each time, and notes it", async () => {
    const replies: Reply[] = [
      { status: 429, headers: { "retry-after": "7" }, body: "slow down" },
      { status: 500, body: "oops" },
      { status: 503, body: "oops" },
    ];
    const { embeddings } = await service((request) => replies[request - 1]);
    const { runtime, sleep, slept } = clock();
    const embedder = await embedderFrom(embeddings, { dimensions: 8, runtime, sleep });
    const { usage, notes, vectors } = await embedder.embedDocuments(["one"]);
    expect(vectors).toHaveLength(1);
    expect(usage.calls).toBe(4);
    expect(slept[0]).toBe(7000);
    expect(slept[1]).toBeGreaterThanOrEqual(500);
    expect(slept[1]).toBeLessThan(1000);
    expect(slept[2]).toBeGreaterThanOrEqual(1000);
    expect(slept[2]).toBeLessThan(2000);
    expect(notes).toMatchObject([{ code: "retried", detail: { times: 3 } }]);
    expect(notes[0]!.message).toContain("429, 500, 503");
  });

  it("understands a Retry-After that is a date", async () => {
    const { runtime, sleep, slept } = clock();
    const date = new Date(runtime.now() + 9000).toUTCString();
    const { embeddings } = await service((request) =>
      request === 1 ? { status: 429, headers: { "retry-after": date }, body: "" } : undefined,
    );
    await (await embedderFrom(embeddings, { dimensions: 8, runtime, sleep })).embedQuery("one");
    expect(slept).toEqual([9000]);
  });

  it("gives up on what cannot pass, after too many tries, and when asked to wait too long", async () => {
    const { runtime, sleep, slept } = clock();
    const failing = async (reply: Reply, retries?: number): Promise<{ error: unknown; sent: number }> => {
      const { embeddings, requests } = await service(() => reply);
      const embedder = await embedderFrom(embeddings, { dimensions: 8, runtime, sleep, retries });
      return { error: await embedder.embedDocuments(["one"]).catch((error: unknown) => error), sent: requests.length };
    };
    const refused = await failing({ status: 401, body: "no key" });
    expect(refused).toMatchObject({ error: { code: "embedder-failed" }, sent: 1 });
    expect((refused.error as Error).message).toContain("401");
    expect((refused.error as Error).cause).toMatchObject({ status: 401 });
    expect(await failing({ status: 500, body: "" }, 2)).toMatchObject({ error: { code: "embedder-failed" }, sent: 3 });
    expect(await failing({ status: 500, body: "" }, 0)).toMatchObject({ sent: 1 });
    slept.length = 0;
    const later = await failing({ status: 429, headers: { "retry-after": "3600" }, body: "" });
    expect(later.sent).toBe(1);
    expect((later.error as Error).message).toContain("3600 s");
    expect(slept).toEqual([]);
  });

  it("repeats when no answer comes", async () => {
    const { embeddings } = await service();
    const { runtime, sleep, slept } = clock();
    let failures = 2;
    const real = embeddings.embedDocuments.bind(embeddings);
    embeddings.embedDocuments = async (...given) => {
      if (failures-- > 0) await fetch("http://127.0.0.1:1");
      return real(...given);
    };
    const embedder = await embedderFrom(embeddings, { dimensions: 8, runtime, sleep });
    expect((await embedder.embedDocuments(["one"])).notes[0]!.message).toContain("no answer");
    expect(slept).toHaveLength(2);
  });

  it("says which text got a vector that is wrong", async () => {
    const bad: unknown[] = [[1, 2, 3], Array(8).fill(0), [1, null, 3, 4, 5, 6, 7, 8]];
    for (const [at, vector] of bad.entries()) {
      const { embeddings, requests } = await service((_, texts) => ({
        body: texts.map((text) => (text === "the bad one" ? vector : Array(8).fill(1))),
      }));
      const embedder = await embedderFrom(embeddings, { dimensions: 8 });
      const failure = await embedder.embedDocuments(["fine", "the bad one"]).catch((error: unknown) => error);
      expect(failure, `vector ${at}`).toMatchObject({ code: "embedder-failed" });
      expect((failure as Error).message).toContain("the bad one");
      expect(requests).toHaveLength(1);
    }
    const { embeddings } = await service(() => ({ body: [Array(8).fill(1)] }));
    const embedder = await embedderFrom(embeddings, { dimensions: 8 });
    await expect(embedder.embedDocuments(["one", "two"])).rejects.toThrow(/1 vectors for 2 texts/);
  });

  it("stops a request that hangs when the signal is aborted, and sends no other", async () => {
    const controller = new AbortController();
    const { embeddings, requests, aborted } = await service(() => {
      setTimeout(() => controller.abort(gone), 5);
      return "hang";
    });
    const embedder = await embedderFrom(embeddings, { dimensions: 8, batchSize: 1, concurrency: 2 });
    const embedding = embedder.embedDocuments(["a", "b", "c", "d"], { signal: controller.signal });
    await expect(embedding).rejects.toBe(gone);
    await expect.poll(() => aborted.length).toBe(2);
    expect(requests).toHaveLength(2);
  });

  it("stops waiting for a repetition when the signal is aborted", async () => {
    const controller = new AbortController();
    const { embeddings } = await service(() => {
      setTimeout(() => controller.abort(gone), 5);
      return { status: 429, headers: { "retry-after": "50" }, body: "" };
    });
    const embedder = await embedderFrom(embeddings, { dimensions: 8 });
    await expect(embedder.embedQuery("a", { signal: controller.signal })).rejects.toBe(gone);
  });

  it("stops the other requests when one fails for good", async () => {
    const { embeddings, requests } = await service((_, [text]) => (text === "b" ? { status: 400, body: "" } : "hang"));
    const embedder = await embedderFrom(embeddings, { dimensions: 8, batchSize: 1, concurrency: 2 });
    await expect(embedder.embedDocuments(["a", "b", "c"])).rejects.toMatchObject({ code: "embedder-failed" });
    expect(requests).toHaveLength(2);
  });

  it("ends what is under way when it is closed", async () => {
    const { embeddings } = await service(() => "hang");
    const embedder = await embedderFrom(embeddings, { dimensions: 8 });
    const embedding = embedder.embedQuery("a");
    await embedder.close();
    await expect(embedding).rejects.toMatchObject({ code: "closed" });
  });

  it("cuts what is too long, with a note, and sends nothing for blank texts", async () => {
    const { embeddings, requests } = await service();
    const countTokens = (text: string): number => text.split(/\s+/).filter(Boolean).length;
    const embedder = await embedderFrom(embeddings, { dimensions: 8, maxTokens: 3, countTokens });
    const { notes } = await embedder.embedDocuments(["one two three four five", "", "one"]);
    expect(requests).toEqual([["one two three ", "one"]]);
    expect(notes).toMatchObject([{ code: "cut", detail: { maxTokens: 3 } }]);
  });

  it("keeps to the limits of requests and tokens a minute", async () => {
    const { embeddings, requests } = await service();
    const { runtime, sleep, slept } = clock();
    const embedder = await embedderFrom(embeddings, {
      dimensions: 8,
      batchSize: 1,
      requestsPerMinute: 2,
      runtime,
      sleep,
    });
    await embedder.embedDocuments(["a", "b", "c", "d", "e"]);
    expect(requests).toHaveLength(5);
    // two at once, then two after a minute, then the last
    expect(slept).toEqual([60_000, 60_000]);
  });
});
