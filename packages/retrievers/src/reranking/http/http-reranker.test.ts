import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { meter, systemRuntime } from "@clew/core";
import { aCall, aHit, testReranker } from "@clew/core/testing";
import { afterEach, describe, expect, it } from "vitest";
import { httpReranker } from "./http-reranker.js";
import type { RerankProtocolName } from "./rerank-protocols.js";

interface Asked {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: { query: string; documents?: string[]; texts?: string[]; model?: string };
}

type Answer = (asked: Asked, response: ServerResponse, nth: number) => void;

const servers: Server[] = [];
const key = "planted-key-0123456789";

/** A real server that speaks a protocol, or does what the test says. */
async function serve(answer: Answer): Promise<{ baseURL: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const one = { path: request.url!, authorization: request.headers.authorization, body: JSON.parse(text) };
    asked.push(one);
    answer(one, response, asked.length);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  servers.push(server);
  return { baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** Scores a document by its length, in the protocol's own form, worst first. */
const byLength =
  (protocol: RerankProtocolName): Answer =>
  ({ body }, response) => {
    const documents = body.documents ?? body.texts ?? [];
    const scored = documents.map((document, index) => ({ index, score: document.length })).reverse();
    const results = scored.map(({ index, score }) => ({ index, relevance_score: score }));
    const forms = {
      cohere: { id: "1", results, meta: { billed_units: { search_units: 1 } } },
      jina: { model: "m", usage: { total_tokens: 7 }, results },
      voyage: { object: "list", data: results, model: "m", usage: { total_tokens: 7 } },
      tei: scored,
    };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(forms[protocol]));
  };

const hits = ["a", "bbb", "cc"].map((text, index) => aHit({ id: `p${index}`, text, title: "" }));

describe("httpReranker", () => {
  it.each([
    ["cohere", "/v2/rerank"],
    ["jina", "/v1/rerank"],
    ["voyage", "/v1/rerank"],
    ["tei", "/rerank"],
  ] as const)("speaks %s's protocol, at a set address (D9)", async (protocol, path) => {
    const { baseURL, asked } = await serve(byLength(protocol));
    const { scores } = await httpReranker({ protocol, baseURL, apiKey: key }).rerank("which?", hits);
    expect(scores).toEqual([1, 3, 2]);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ path, authorization: `Bearer ${key}`, body: { query: "which?" } });
  });

  it("sends batches, best known first, and counts calls, tokens and money", async () => {
    const { baseURL, asked } = await serve(byLength("jina"));
    const call = aCall({ meter: meter({ budget: {}, runtime: systemRuntime }) });
    const reranker = httpReranker({ protocol: "jina", baseURL, batchSize: 2, usdPerRequest: 0.01 });
    const { scores, usage } = await reranker.rerank("q", hits, { call });
    expect(scores).toEqual([1, 3, 2]);
    expect(asked.map(({ body }) => body.documents)).toEqual([["a", "bbb"], ["cc"]]);
    expect(usage).toEqual({ calls: 2, inputTokens: 14, outputTokens: 0, usd: 0.02 });
    expect(call.meter.usage).toEqual(usage);
  });

  it("returns what was scored when the deadline passes, and aborts the open request", async () => {
    let closed = false;
    const { baseURL } = await serve((asked, response, nth) => {
      if (nth === 1) byLength("tei")(asked, response, nth);
      else response.on("close", () => (closed = true)); // never answers
    });
    const { scores, notes } = await httpReranker({ protocol: "tei", baseURL, batchSize: 1 }).rerank("q", hits, {
      deadlineMs: 500,
    });
    expect(scores).toEqual([1, undefined, undefined]);
    expect(notes).toMatchObject([{ code: "deadline-passed", detail: { scored: 1, of: 3 } }]);
    await expect.poll(() => closed).toBe(true);
  });

  it("rejects with the signal's reason", async () => {
    const { baseURL } = await serve(() => undefined);
    const controller = new AbortController();
    const asked = httpReranker({ protocol: "tei", baseURL }).rerank("q", hits, { signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(asked).rejects.toThrow("enough");
  });

  it("waits as Retry-After says, and says so", async () => {
    const { baseURL, asked } = await serve((one, response, nth) => {
      if (nth > 1) return byLength("cohere")(one, response, nth);
      response.writeHead(429, { "retry-after": "0" }).end("slow down");
    });
    const { scores, notes } = await httpReranker({ protocol: "cohere", baseURL, apiKey: key }).rerank("q", hits);
    expect(scores).toEqual([1, 3, 2]);
    expect(asked).toHaveLength(2);
    expect(notes).toMatchObject([{ code: "retried" }]);
  });

  it("returns at once what was scored when Retry-After is longer than the deadline", async () => {
    const { baseURL, asked } = await serve((one, response, nth) => {
      if (nth === 1) return byLength("tei")(one, response, nth);
      response.writeHead(429, { "retry-after": "3600" }).end("slow down");
    });
    const slept: number[] = [];
    const reranker = httpReranker({
      protocol: "tei",
      baseURL,
      batchSize: 1,
      sleep: async (ms) => void slept.push(ms),
    });
    const { scores, notes, usage } = await reranker.rerank("q", hits, { deadlineMs: 60_000 });
    expect(scores).toEqual([1, undefined, undefined]);
    expect(notes).toMatchObject([{ code: "deadline-passed", message: expect.stringContaining("wait 3600 s") }]);
    expect([asked.length, slept, usage.calls]).toEqual([2, [], 2]);
  });

  it("is refused by a Retry-After beyond a minute when there is no deadline", async () => {
    const { baseURL, asked } = await serve((_, response) =>
      response.writeHead(429, { "retry-after": "61" }).end("slow down"),
    );
    const refused = httpReranker({ protocol: "tei", baseURL }).rerank("q", hits);
    await expect(refused).rejects.toMatchObject({ code: "reranker-failed", status: 429 });
    await expect(refused).rejects.toThrow("It asks to wait 61 s.");
    expect(asked).toHaveLength(1);
  });

  it("waits for growing times with jitter from the run's own chance, and counts every request", async () => {
    const { baseURL } = await serve((one, response, nth) => {
      if (nth === 1) response.writeHead(503).end();
      else if (nth === 2) response.destroy();
      else byLength("tei")(one, response, nth);
    });
    const slept: number[] = [];
    const reranker = httpReranker({
      protocol: "tei",
      baseURL,
      usdPerRequest: 0.5,
      sleep: async (ms) => void slept.push(ms),
      runtime: { ...systemRuntime, random: () => 0.5 },
    });
    const call = aCall({ meter: meter({ budget: {}, runtime: systemRuntime }) });
    const { scores, notes, usage } = await reranker.rerank("q", hits, { call });
    // by hand: 500 and 1000 ms, times (.5 + .5 / 2)
    expect(slept).toEqual([375, 750]);
    expect(scores).toEqual([1, 3, 2]);
    expect(notes.map(({ code }) => code)).toEqual(["retried", "retried"]);
    expect(usage).toMatchObject({ calls: 3, usd: 0.5 });
    expect(call.meter.usage).toEqual(usage);
  });

  it("counts the requests of a call that fails", async () => {
    const { baseURL } = await serve((_, response) => response.writeHead(500).end());
    const call = aCall({ meter: meter({ budget: {}, runtime: systemRuntime }) });
    const reranker = httpReranker({ protocol: "tei", baseURL, maxRetries: 1, sleep: async () => undefined });
    await expect(reranker.rerank("q", hits, { call })).rejects.toMatchObject({ code: "reranker-failed" });
    expect(call.meter.usage.calls).toBe(2);
  });

  it.each<[string, Answer, string]>([
    ["a score that is NaN", (_, r) => r.end('[{"index":0,"score":NaN}]'), "reranker-failed"],
    [
      "a score beyond all numbers",
      (_, r) => r.end('[{"index":0,"score":1e999},{"index":1,"score":1},{"index":2,"score":1}]'),
      "reranker-failed",
    ],
    ["an index between two", (_, r) => r.end('[{"index":0.5,"score":1}]'), "reranker-failed"],
    [
      "a connection cut in the midst of the answer",
      (_, r) => {
        r.writeHead(200, { "content-length": 1000 }).write('[{"index":0,');
        setImmediate(() => r.destroy());
      },
      "reranker-failed",
    ],
    ["an index out of range", (_, r) => r.end(JSON.stringify([{ index: 9, score: 1 }])), "reranker-failed"],
    ["a negative index", (_, r) => r.end(JSON.stringify([{ index: -1, score: 1 }])), "reranker-failed"],
    [
      "an index twice",
      (_, r) => r.end(JSON.stringify([0, 0, 1].map((index) => ({ index, score: 1 })))),
      "reranker-failed",
    ],
    ["too few scores", (_, r) => r.end(JSON.stringify([{ index: 0, score: 1 }])), "reranker-failed"],
    [
      "a score that is text",
      (_, r) => r.end(JSON.stringify([0, 1, 2].map((index) => ({ index, score: "1" })))),
      "reranker-failed",
    ],
    ["another form", (_, r) => r.end(JSON.stringify({ ok: true })), "reranker-failed"],
    ["no JSON", (_, r) => r.end("<html>"), "reranker-failed"],
    ["status 500", (_, r) => r.writeHead(500).end(key), "reranker-failed"],
    ["status 401", (_, r) => r.writeHead(401).end("no"), "service-refused"],
    ["a broken connection", (_, r) => r.destroy(), "reranker-failed"],
    ["silence", () => undefined, "timed-out"],
  ])("answers %s with a typed error", async (_name, answer, code) => {
    const { baseURL } = await serve(answer);
    const reranker = httpReranker({ protocol: "tei", baseURL, maxRetries: 0, timeoutMs: 300 });
    await expect(reranker.rerank("q", hits)).rejects.toMatchObject({ code });
  });

  it("keeps the key out of its errors, though the service repeats it", async () => {
    const { baseURL } = await serve(({ authorization }, response) => response.writeHead(500).end(authorization));
    const failed = httpReranker({ protocol: "jina", baseURL, apiKey: key, maxRetries: 0 }).rerank("q", hits);
    await expect(failed).rejects.toSatisfy((error: Error) => !`${error.message} ${error.stack}`.includes(key));
  });

  it("cuts long passages, with a note, and never inside a surrogate pair", async () => {
    const { baseURL, asked } = await serve(byLength("tei"));
    const { notes } = await httpReranker({ protocol: "tei", baseURL, maxCharacters: 3 }).rerank("q", [
      aHit({ text: "ab😀cd", title: "" }),
    ]);
    expect(asked[0]!.body.texts![0]!.isWellFormed()).toBe(true);
    expect(notes).toMatchObject([{ code: "cut" }]);
  });

  it("asks nothing for no hits", async () => {
    const { baseURL, asked } = await serve(byLength("tei"));
    expect((await httpReranker({ protocol: "tei", baseURL }).rerank("q", [])).scores).toEqual([]);
    expect(asked).toHaveLength(0);
  });

  it("names what is missing", () => {
    expect(() => httpReranker({ protocol: "tei" })).toThrowError(expect.objectContaining({ code: "invalid-option" }));
    expect(() => httpReranker({ protocol: "cohere" })).toThrowError(expect.objectContaining({ code: "missing-key" }));
  });
});

/** Scores by the words that a document shares with the query. */
const byOverlap: Answer = ({ body }, response) => {
  const words = new Set(body.query.toLowerCase().split(/\W+/));
  const shared = (text: string): number =>
    text
      .toLowerCase()
      .split(/\W+/)
      .filter((word) => words.has(word)).length;
  response.end(
    JSON.stringify((body.texts ?? []).map((text, index) => ({ index, score: shared(text) / (text.length + 1) }))),
  );
};

describe("the contract", () =>
  testReranker({ make: async () => httpReranker({ protocol: "tei", baseURL: (await serve(byOverlap)).baseURL }) }));
