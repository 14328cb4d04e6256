import { createHash } from "node:crypto";
import { access, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ClewError } from "@clew/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type DownloadModelOptions, downloadModel } from "./download-model.js";
import type { DownloadProgress } from "./model-location.js";

type Handler = (file: string, bytes: Buffer, response: ServerResponse, request: IncomingMessage) => void;

const fixture = fileURLToPath(new URL("../fixtures/tiny-embedder/", import.meta.url));
const onnx = "onnx/model_quantized.onnx";
const serve: Handler = (_, bytes, response) => response.writeHead(200, { "content-length": bytes.length }).end(bytes);

let server: Server;
let host: string;
let cacheDir: string;
let requested: string[];
let handler: Handler;

beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), "clew-cache-"));
  requested = [];
  handler = serve;
  server = createServer(async (request, response) => {
    requested.push(request.url!);
    const file = /^\/(?:acme\/tiny\/resolve\/(?:main|refs%2Fpr%2F1)|files)\/(.+)$/.exec(request.url!)?.[1];
    if (file === undefined) {
      response.writeHead(404).end();
      return;
    }
    const bytes = await readFile(join(fixture, file.replace(/_data.*$/, "")));
    handler(file, bytes, response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(cacheDir, { recursive: true });
});

const download = (options: Partial<DownloadModelOptions> = {}): Promise<string> =>
  downloadModel({
    model: "acme/tiny",
    remoteHost: host,
    cacheDir,
    dtype: "q8",
    failure: "embedder-failed",
    ...options,
  });

/** Everything in the cache, as paths. */
const cached = async (): Promise<string[]> =>
  (await readdir(cacheDir, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort();

/** Runs a download that must fail, and returns its error. */
const failing = async (options: Partial<DownloadModelOptions> = {}): Promise<ClewError> => {
  const error: unknown = await download(options).catch((cause: unknown) => cause);
  expect(ClewError.isInstance(error)).toBe(true);
  return error as ClewError;
};

/** Answers for the weights in another way, and for the rest as it should be. */
const forWeights =
  (other: Handler): Handler =>
  (file, bytes, response, request) =>
    (file === onnx ? other : serve)(file, bytes, response, request);

describe("downloadModel", () => {
  it("asks for the hub's addresses, once, and then needs no network", async () => {
    const folder = await download();
    expect(folder).toBe(join(cacheDir, "acme", "tiny", "main"));
    expect(requested).toEqual([
      "/acme/tiny/resolve/main/config.json",
      "/acme/tiny/resolve/main/tokenizer.json",
      "/acme/tiny/resolve/main/tokenizer_config.json",
      `/acme/tiny/resolve/main/${onnx}`,
    ]);
    expect(await readFile(join(folder, onnx))).toEqual(await readFile(join(fixture, onnx)));
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect(await download()).toBe(folder);
  });

  it("keeps revisions apart", async () => {
    expect(await download({ revision: "refs/pr/1" })).toBe(join(cacheDir, "acme", "tiny", "refs--pr--1"));
    expect(requested[0]).toBe("/acme/tiny/resolve/refs%2Fpr%2F1/config.json");
  });

  it("tells its progress in bytes", async () => {
    const progress: DownloadProgress[] = [];
    await download({ onProgress: (step) => progress.push(step) });
    const { length } = await readFile(join(fixture, onnx));
    expect(progress.filter(({ file }) => file === onnx).at(-1)).toEqual({ file: onnx, bytes: length, total: length });
    expect(new Set(progress.map(({ file }) => file)).size).toBe(4);
  });

  it("fetches the data files that a large model's config announces", async () => {
    handler = (file, bytes, response, request) => {
      if (!file.startsWith("config")) return serve(file, bytes, response, request);
      const config = { ...JSON.parse(bytes.toString()), "transformers.js_config": { use_external_data_format: 2 } };
      response.end(JSON.stringify(config));
    };
    await download();
    expect(requested.slice(-3)).toEqual(["_data", "_data_1", ""].map((end) => `/acme/tiny/resolve/main/${onnx}${end}`));
  });

  it("sends a token to the hub, and never to the store that the hub redirects to", async () => {
    const seen: (string | undefined)[] = [];
    const store = createServer(async (request, response) => {
      seen.push(request.headers.authorization);
      response.end(await readFile(join(fixture, request.url!)));
    });
    await new Promise<void>((resolve) => store.listen(0, "127.0.0.1", resolve));
    const { port } = store.address() as AddressInfo;
    handler = forWeights((file, _, response, request) => {
      expect(request.headers.authorization).toBe("Bearer secret");
      response.writeHead(302, { location: `http://127.0.0.1:${port}/${file}` }).end();
    });
    await download({ token: "secret" });
    expect(seen).toEqual([undefined]);
    store.closeAllConnections();
    await new Promise((resolve) => store.close(resolve));
  });

  it.each<[what: string, code: string, says: RegExp, handler: Handler]>([
    [
      "a file that does not exist",
      "not-found",
      /does not exist \(404\)\. Check "model", "revision" and "dtype"/,
      (_, __, response) => response.writeHead(404).end(),
    ],
    [
      "a model that needs a token",
      "service-refused",
      /refused .*\(401\).*"token"/,
      (_, __, response) => response.writeHead(401).end(),
    ],
    [
      "a hub that is down",
      "embedder-failed",
      /could not serve .*\(500\)\. Try again later/,
      (_, __, response) => response.writeHead(500).end("oh"),
    ],
    [
      "a connection that breaks off",
      "embedder-failed",
      /broke: .*Call again/,
      (_, bytes, response) => {
        response
          .writeHead(200, { "content-length": bytes.length })
          .write(bytes.subarray(0, 100), () => response.destroy());
      },
    ],
    [
      "a body without length that breaks off",
      "embedder-failed",
      /broke: .*Call again/,
      (_, bytes, response) => {
        response.writeHead(200).write(bytes.subarray(0, 100), () => response.destroy());
      },
    ],
    [
      "a file shorter than the hub says",
      "embedder-failed",
      /broke: 100 of \d+ bytes arrived/,
      (_, bytes, response) => response.writeHead(200, { "x-linked-size": bytes.length }).end(bytes.subarray(0, 100)),
    ],
    [
      "a file other than the hub says",
      "embedder-failed",
      /broke: its SHA-256 is/,
      (_, bytes, response) => {
        const sha256 = createHash("sha256").update(bytes).digest("hex");
        response.writeHead(200, { "x-linked-etag": `"${sha256}"` }).end(bytes.fill(0, 50, 60));
      },
    ],
    ["an empty file", "embedder-failed", /broke: it is empty/, (_, __, response) => response.end()],
    [
      "redirects in a circle",
      "embedder-failed",
      /in a circle/,
      (file, _, response) => response.writeHead(302, { location: `/files/${file}` }).end(),
    ],
  ])("%s: a typed error, nothing half-done, and the next call succeeds", async (_, code, says, broken) => {
    handler = forWeights(broken);
    const error = await failing();
    expect(error.code).toBe(code);
    expect(error.message).toMatch(says);
    expect(await cached()).toEqual(["config.json", "tokenizer.json", "tokenizer_config.json"]);
    handler = serve;
    requested = [];
    await download();
    expect(requested).toEqual([`/acme/tiny/resolve/main/${onnx}`]);
  });

  it("takes a web page in a file's place for no file", async () => {
    handler = (_, __, response) => response.end("<html>Sign in to the network</html>");
    expect(await failing()).toMatchObject({
      code: "embedder-failed",
      message: expect.stringContaining("it is no JSON"),
    });
    expect(await cached()).toEqual([]);
  });

  it("says what to do when nobody answers", async () => {
    await new Promise((resolve) => server.close(resolve));
    expect(await failing({ failure: "reranker-failed" })).toMatchObject({
      code: "reranker-failed",
      message: expect.stringMatching(/ECONNREFUSED.*Without a network, give a "folder" instead/),
    });
  });

  it("stops at once when it is aborted, and leaves nothing half-done", async () => {
    const controller = new AbortController();
    handler = forWeights((_, bytes, response) => {
      response.writeHead(200, { "content-length": bytes.length }).write(bytes.subarray(0, 100));
    });
    const onProgress = ({ file }: DownloadProgress): void => {
      if (file === onnx) controller.abort(new Error("changed my mind"));
    };
    await expect(download({ signal: controller.signal, onProgress })).rejects.toThrowError("changed my mind");
    expect(await cached()).toEqual(["config.json", "tokenizer.json", "tokenizer_config.json"]);
  });

  it("takes what an earlier process left unfinished for nothing", async () => {
    const folder = await download();
    await rm(join(folder, onnx));
    await writeFile(join(folder, `${onnx}.0.partial`), "half a file");
    requested = [];
    await download();
    expect(requested).toEqual([`/acme/tiny/resolve/main/${onnx}`]);
    await access(join(folder, onnx));
  });

  it("fails when the cache cannot be written", async () => {
    await writeFile(join(cacheDir, "acme"), "a file where a folder should be");
    expect(await failing()).toMatchObject({ code: "storage-failed", message: expect.stringContaining('"cacheDir"') });
  });

  it.each([
    ["model", { model: "../../etc" }],
    ["model", { model: "" }],
    ["revision", { revision: "a/../../b" }],
    ["remoteHost", { remoteHost: "ftp://example.org" }],
    ["remoteHost", { remoteHost: "not an address" }],
  ])("refuses a %s that is none: %j", async (option, options) => {
    expect(await failing(options)).toMatchObject({ code: "invalid-option", message: expect.stringContaining(option) });
    expect(requested).toEqual([]);
  });
});
