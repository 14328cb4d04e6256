import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fixedRuntime } from "@clew/core/testing";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { live } from "./live.js";

const runtime = fixedRuntime();

describe("an HTTP call", () => {
  let server: Server;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  let base: string;
  beforeAll(async () => {
    server = createServer((request, response) => answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const searching = (options: { retries?: number; timeoutMs?: number; maxCharacters?: number } = {}) =>
    live(
      async (query, { k, signal }) => {
        const response = await fetch(`${base}/search?q=${encodeURIComponent(query)}&n=${k}`, { signal });
        if (!response.ok)
          throw Object.assign(new Error(response.statusText), { status: response.status, headers: response.headers });
        return response.json();
      },
      { name: "web", runtime, pick: (body) => (body as { results?: unknown }).results, ...options },
    );
  const send = (response: ServerResponse, status: number, body: string, headers = {}): void => {
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
  };
  const found = JSON.stringify({
    results: [{ id: "p1", title: "Clew", text: "A clew is a ball of thread.", score: 0.8 }],
  });

  it("is a retriever", async () => {
    answer = (request, response) => {
      const { searchParams } = new URL(request.url!, base);
      send(
        response,
        200,
        searchParams.get("q") === "clew & thread" && searchParams.get("n") === "3" ? found : '{"results":[]}',
      );
    };
    const { hits, usage } = await searching().search("clew & thread", { k: 3 });
    expect(hits).toMatchObject([{ score: 0.8, passage: { title: "Clew", text: "A clew is a ball of thread." } }]);
    expect(usage.calls).toBe(1);
  });

  it("is asked again where that may help, with a note", async () => {
    let requests = 0;
    answer = (_, response) => {
      requests += 1;
      if (requests === 1) send(response, 503, "", { "retry-after": "0" });
      else send(response, 200, found);
    };
    const { hits, notes, usage } = await searching({ retries: 1 }).search("x");
    expect(hits).toHaveLength(1);
    expect(notes).toMatchObject([{ code: "retried", detail: { waitMs: 0 } }]);
    expect(usage.calls).toBe(2);
    requests = 0;
    await expect(searching().search("x")).rejects.toMatchObject({ code: "retriever-failed", cause: { status: 503 } });
    expect(requests).toBe(1);
  });

  it.each<[string, number, string, string, RegExp]>([
    ["refused", 401, "", "service-refused", /Check its key/],
    ["malformed", 200, '{"results": [', "retriever-failed", /"web" failed/],
    ["of another form", 200, '{"items": []}', "retriever-failed", /gave nothing where a list/],
  ])("%s is a typed error", async (_, status, body, code, message) => {
    answer = (_request, response) => send(response, status, body);
    await expect(searching({ retries: 2 }).search("x")).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  it("slow: it is given up, and the server sees the connection go", async () => {
    const closed = new Promise<void>((resolve) => {
      answer = (request) => void request.once("close", resolve);
    });
    await expect(searching({ timeoutMs: 30 }).search("x")).rejects.toMatchObject({ code: "timed-out" });
    await closed;
  });

  it("huge: it is read up to the limit while other work runs", async () => {
    const words = "The thread leads through the labyrinth, and out of it again. ".repeat(40_000);
    answer = (_, response) => send(response, 200, JSON.stringify({ results: [{ id: 1, text: words }] }));
    let turns = 0;
    const ticking = setInterval(() => {
      turns += 1;
    }, 1);
    onTestFinished(() => clearInterval(ticking));
    const { hits, notes } = await searching({ maxCharacters: 500_000 }).search("thread");
    expect(hits.length).toBe(3);
    expect(turns).toBeGreaterThan(10);
    expect(notes).toMatchObject([
      { code: "cut", detail: { results: 1, maxCharacters: 500_000 } },
      { code: "cut", detail: { perResult: 3 } },
    ]);
  });

  it("a server that nobody runs", async () => {
    const nowhere = live(async (_, { signal }) => (await fetch("http://127.0.0.1:9/", { signal })).json(), {
      name: "web",
      runtime,
    });
    await expect(nowhere.search("x")).rejects.toMatchObject({ code: "retriever-failed" });
  });
});
