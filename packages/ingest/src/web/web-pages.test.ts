import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import type { SourceInput } from "@clew/core";
import { describe, expect, it, onTestFinished } from "vitest";
import { publicFetch } from "./public-fetch.js";
import { type WebPagesOptions, webPages } from "./web-pages.js";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A server with these paths; anything else is 404. Counts requests by path. */
async function serve(paths: Readonly<Record<string, Handler>>): Promise<{ base: string; hits: Map<string, number> }> {
  const hits = new Map<string, number>();
  const listener: RequestListener = (request, response) => {
    const url = request.url ?? "/";
    hits.set(url, (hits.get(url) ?? 0) + 1);
    const handler = paths[url];
    if (handler === undefined) response.writeHead(404).end("no");
    else handler(request, response);
  };
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, hits };
}
const page =
  (body: string, headers: Record<string, string> = {}): Handler =>
  (_, response) =>
    response.writeHead(200, { "content-type": "text/html", ...headers }).end(body);

async function all(urls: Iterable<string>, options: WebPagesOptions = {}): Promise<SourceInput[]> {
  const found: SourceInput[] = [];
  for await (const input of webPages(urls, { allowPrivate: true, ...options })) found.push(input);
  return found;
}
const read = async (input: SourceInput | undefined) => {
  if (input === undefined || !("read" in input)) throw new Error(JSON.stringify(input));
  return (await input.read({})).text;
};
const version = (input: SourceInput | undefined) =>
  input !== undefined && "version" in input ? input.version : undefined;
const reason = (input: SourceInput | undefined) =>
  input !== undefined && "failed" in input ? input.failed.message : undefined;

describe("webPages", () => {
  it("reads pages by media type, under the address given, at the address reached", async () => {
    const { base } = await serve({
      "/a": page("<title>A</title><p>Hello"),
      "/to-a": (_, response) => response.writeHead(302, { location: "/a" }).end(),
      "/notes.md": page("# N\n\ntext", { "content-type": "text/plain; charset=utf-8" }),
      "/data": page("x,y\n1,2", { "content-type": "text/csv" }),
      "/cyrillic": (_, response) =>
        response
          .writeHead(200, { "content-type": "text/html; charset=windows-1251" })
          .end(Buffer.from([0xcf, 0xf0, 0xe8])),
    });
    const found: string[] = [];
    for await (const input of webPages(
      ["/a", "/to-a#part", "/notes.md", "/data", "/cyrillic"].map((path) => base + path),
      { allowPrivate: true, metadata: () => ({ site: "test" }), access: () => ["web"] },
    )) {
      const { text, source } = await read(input);
      found.push(text);
      expect(source).toMatchObject({ id: input.id, metadata: { site: "test" }, access: ["web"] });
      if (input.id.endsWith("/to-a")) expect(source).toMatchObject({ title: "A", uri: `${base}/a` });
    }
    expect(found).toEqual(["Hello", "Hello", "# N\n\ntext", "x; y\nx: 1; y: 2", "При"]);
  });

  it("compares a page with a version mark by its headers, and one without by its bytes", async () => {
    let tag = '"1"';
    let body = "<p>one";
    const { base, hits } = await serve({
      "/tagged": (request, response) => page(body, { etag: tag })(request, response),
      "/plain": (request, response) => page(body)(request, response),
    });
    const urls = [`${base}/tagged`, `${base}/plain`];
    const before = await all(urls);
    expect(version(before[0])).toBe('html@1:"1"');
    const again = await all(urls);
    expect(again.map(version)).toEqual(before.map(version));
    tag = '"2"';
    body = "<p>two";
    const after = await all(urls);
    expect(after.map(version)).not.toEqual(before.map(version));
    expect(hits.get("/tagged")).toBe(3);
    const text = await read(after[0]);
    expect([text.text, text.source.version, hits.get("/tagged")]).toEqual(["two", 'html@1:"2"', 4]);
  });

  it("yields what fails as failed, with the reason, and goes on", async () => {
    const { base } = await serve({
      "/loop": (_, response) => response.writeHead(301, { location: "/loop" }).end(),
      "/file": (_, response) => response.writeHead(302, { location: "file:///etc/passwd" }).end(),
      "/nowhere": (_, response) => response.writeHead(302, { location: "http://[" }).end(),
      "/error": (_, response) => response.writeHead(503).end(),
      "/silent": () => undefined,
      "/slow": (_, response) => response.writeHead(200, { "content-type": "text/html" }).write("<p>first"),
      "/reset": (request) => request.socket.destroy(),
      "/torn": (_, response) => {
        response.writeHead(200, { "content-type": "text/html", "content-length": "1000" }).write("<p>x");
        setTimeout(() => response.destroy(), 20);
      },
      "/large": page("x".repeat(5000)),
      "/endless": (_, response) => {
        response.writeHead(200, { "content-type": "text/html" });
        const timer = setInterval(() => response.write("x".repeat(2000)), 1);
        response.on("close", () => clearInterval(timer));
      },
      "/image": page("x", { "content-type": "image/png" }),
      "/fine": page("<p>fine"),
    });
    const names = "/loop /file /nowhere /error /silent /slow /reset /torn /large /endless /image /missing /fine".split(
      " ",
    );
    const found = await all([...names.map((name) => base + name), "no address", "ftp://x.org/a"], {
      maxBytes: 4000,
      timeoutMs: 300,
    });
    expect(found.map(reason)).toEqual([
      expect.stringMatching(/redirects more than 5 times/),
      expect.stringMatching(/file: is not http/),
      expect.stringMatching(/redirects to .*no address/),
      expect.stringMatching(/status 503/),
      expect.stringMatching(/longer than 300 ms/),
      expect.stringMatching(/longer than 300 ms/),
      expect.stringMatching(/cannot be reached/),
      expect.stringMatching(/cannot be reached/),
      expect.stringMatching(/larger than 4000 bytes/),
      expect.stringMatching(/larger than 4000 bytes/),
      expect.stringMatching(/no reader reads image\/png/),
      expect.stringMatching(/status 404/),
      undefined,
      expect.stringMatching(/"no address" is no web address/),
      expect.stringMatching(/ftp: is not http/),
    ]);
    expect(found[3]).toMatchObject({ failed: { detail: { status: 503 } } });
  });

  it("refuses private addresses, written or resolved, at first and after a redirect", async () => {
    const { base, hits } = await serve({ "/": page("<p>secret") });
    const port = new URL(base).port;
    const found = await all(
      [base, `http://localhost:${port}/`, `http://[::ffff:127.0.0.1]:${port}/`, `http://2130706433:${port}/`],
      {
        allowPrivate: false,
      },
    );
    for (const input of found) expect(reason(input)).toMatch(/private address/);
    let calls = 0;
    const redirecting = await all(["https://8.8.8.8/"], {
      allowPrivate: false,
      fetch: async () => {
        calls++;
        return new Response(null, { status: 302, headers: { location: base } });
      },
    });
    expect(reason(redirecting[0])).toMatch(/127\.0\.0\.1 leads to the private address/);
    expect([calls, hits.size]).toEqual([1, 0]);
    // the transport itself looks at the address that it connects to
    const { signal } = new AbortController();
    await expect(publicFetch(`http://localhost:${port}/`, { headers: {}, redirect: "manual", signal })).rejects.toThrow(
      /private address/,
    );
  });

  it("inflates what the built-in transport gets, and counts its size inflated", async () => {
    const { base } = await serve({
      "/": (_, response) =>
        response
          .writeHead(200, { "content-type": "text/html", "content-encoding": "gzip" })
          .end(gzipSync(`<p>${"x".repeat(100_000)}`)),
    });
    const { signal } = new AbortController();
    // an address in the URL is not looked up, so the transport can be tried without a public server
    const response = await publicFetch(base, { headers: {}, redirect: "manual", signal });
    expect((await response.text()).length).toBe(100_003);
    const [bomb] = await all([base], { fetch: publicFetch, maxBytes: 50_000 });
    expect(reason(bomb)).toMatch(/larger than 50000 bytes/);
  });

  it("sends headers, and credentials to no other server", async () => {
    const seen: (string | undefined)[] = [];
    const other = await serve({
      "/": (request, response) => {
        seen.push(request.headers.authorization, String(request.headers["x-team"]));
        page("<p>x")(request, response);
      },
    });
    const { base } = await serve({
      "/": (request, response) => {
        seen.push(request.headers.authorization);
        response.writeHead(307, { location: `${other.base}/` }).end();
      },
    });
    await all([base], { headers: { Authorization: "Bearer 1", "X-Team": "a" } });
    expect(seen).toEqual(["Bearer 1", undefined, "a"]);
  });

  it("stops when aborted, and refuses options that cannot be meant", async () => {
    const { base } = await serve({ "/silent": () => undefined });
    const reasonToStop = new Error("enough");
    const controller = new AbortController();
    setTimeout(() => controller.abort(reasonToStop), 50);
    await expect(all([`${base}/silent`], { signal: controller.signal })).rejects.toBe(reasonToStop);
    expect(() => webPages("https://x.org" as unknown as string[])).toThrow(/urls/);
    expect(() => webPages([], { timeoutMs: 0 })).toThrow(/timeoutMs/);
    expect(() => webPages([], { maxRedirects: -1 })).toThrow(/maxRedirects/);
  });
});
