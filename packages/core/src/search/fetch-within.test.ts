import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { fixedRuntime } from "../testing/fixed-runtime.js";
import { fetchWithin } from "./fetch-within.js";
import { postJson } from "./post-json.js";

interface Seen {
  readonly line: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

async function serving(answer: (line: string) => readonly [status: number, location?: string]) {
  const seen: Seen[] = [];
  const listener: RequestListener = async (request, response) => {
    let body = "";
    for await (const piece of request) body += piece;
    const line = `${request.method} ${request.url}`;
    seen.push({ line, headers: request.headers, body });
    const [status, location] = answer(line);
    response.writeHead(status, location === undefined ? {} : { location }).end('{"from":"here"}');
  };
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, seen };
}

const key = "Bearer zebra-key-4711";
const sent = (url: string): Promise<unknown> =>
  postJson({
    url,
    headers: { authorization: key, "x-gateway-token": "zebra-token" },
    body: { texts: ["a zebra of the user's"] },
    service: "The reranker",
    failed: "reranker-failed",
    signal: new AbortController().signal,
    timeoutMs: 5000,
    secrets: [key],
    fetch: globalThis.fetch,
    runtime: fixedRuntime(),
  });

describe("redirects", () => {
  it.each([301, 302, 303, 307, 308])(
    "%s to another server is refused before anything is sent there",
    async (status) => {
      const other = await serving(() => [200]);
      // another port, and another name of the same machine
      for (const host of [other.url, `http://localhost:${other.port}`]) {
        const local = await serving(() => [status, `${host}/collect?zebra=1`]);
        const error = await sent(`${local.url}/rerank`).catch((caught: unknown) => caught);
        expect(error).toMatchObject({
          code: "service-refused",
          status,
          message: expect.stringContaining("redirects to"),
        });
        expect(String(error)).not.toMatch(/zebra/);
        expect(local.seen).toHaveLength(1);
      }
      expect(other.seen).toEqual([]);
    },
  );

  it("within the server are followed, with the body where the status says so", async () => {
    const one = await serving((line) =>
      line.endsWith("/old") ? [308, "/new/"] : line.endsWith("/later") ? [303, "/result"] : [200],
    );
    expect(await sent(`${one.url}/old`)).toEqual({ from: "here" });
    expect(await sent(`${one.url}/later`)).toEqual({ from: "here" });
    expect(
      one.seen.map(({ line, body, headers }) => [line, body !== "", headers["content-type"], headers.authorization]),
    ).toEqual([
      ["POST /old", true, "application/json", key],
      ["POST /new/", true, "application/json", key],
      ["POST /later", true, "application/json", key],
      ["GET /result", false, undefined, key],
    ]);
  });

  it("in a circle end", async () => {
    const circle = await serving(() => [307, "/again"]);
    await expect(sent(`${circle.url}/rerank`)).rejects.toMatchObject({ code: "service-refused", status: 307 });
    expect(circle.seen).toHaveLength(6);
  });

  it.each([
    ["http://a.test/x", "https://a.test/x", true],
    ["http://a.test:8080/x", "https://a.test/x", false],
    ["https://a.test/x", "http://a.test/x", false],
    ["https://a.test/x", "https://b.a.test/x", false],
    ["https://a.test/x", "//b.test/x", false],
    ["https://a.test/x", "file:///etc/passwd", false],
    ["https://a.test/x", "https://a.test@b.test/", false],
    ["https://a.test/x", "http://", false],
  ])("from %s to %s: %s", async (from, to, goes) => {
    const asked: string[] = [];
    const fetch = async (at: unknown): Promise<Response> => {
      asked.push(String(at));
      return asked.length === 1 ? new Response(null, { status: 307, headers: { location: to } }) : new Response("{}");
    };
    const outcome = fetchWithin(from, { fetch: fetch as typeof globalThis.fetch, service: "It", init: {} });
    if (goes) expect((await outcome).ok).toBe(true);
    else await expect(outcome).rejects.toMatchObject({ code: "service-refused" });
    expect(asked).toHaveLength(goes ? 2 : 1);
  });

  it("whose way a browser hides are refused", async () => {
    const hidden = { status: 0, type: "opaqueredirect", headers: new Headers(), body: null } as unknown as Response;
    const fetch = async (): Promise<Response> => hidden;
    await expect(fetchWithin("https://a.test/", { fetch, service: "It", init: {} })).rejects.toMatchObject({
      code: "service-refused",
    });
  });
});
