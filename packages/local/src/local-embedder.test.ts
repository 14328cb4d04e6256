// the worker is loaded from the build: tests of what runs in it import the package by its name
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Embedder } from "@clew/core";
import { testEmbedder } from "@clew/core/testing";
import { type LocalEmbedderOptions, localEmbedder, miniLM } from "@clew/local";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const tiny = fileURLToPath(new URL("../fixtures/tiny-embedder", import.meta.url));
const miniLMFolder = fileURLToPath(new URL("../assets/all-MiniLM-L6-v2", import.meta.url));
const plain = { pooling: "mean", queryPrefix: "", documentPrefix: "" } as const;

let folder: string;
const open: Embedder[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "clew-embedder-"));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((embedder) => embedder.close()));
  await rm(folder, { recursive: true });
});

const make = async (options: LocalEmbedderOptions): Promise<Embedder> => {
  const embedder = await localEmbedder(options);
  open.push(embedder);
  return embedder;
};
const vectorOf = async (embedder: Embedder, text: string): Promise<number[]> => [
  ...(await embedder.embedDocuments([text])).vectors[0]!,
];
const unit = (...values: number[]): number[] => values.map((value) => value / Math.hypot(...values));
const expectClose = (got: readonly number[], expected: readonly number[]): void => {
  expect(got).toHaveLength(expected.length);
  for (const [index, value] of expected.entries()) expect(got[index]).toBeCloseTo(value, 6);
};

describe("localEmbedder", () => {
  testEmbedder({ make: () => localEmbedder({ folder: tiny, ...plain }), tolerance: 0 });

  // the fixture gives the n-th word of its vocabulary the vector (n, 1, 0, 0), special tokens (0, 0, 1, 0), unknown
  // words (0, 0, 0, 1); "b" is number 6, "a" number 5
  it.each([
    ["mean", unit(11, 2, 2, 0)], // [CLS] a b [SEP]: (0,0,1,0) + (5,1,0,0) + (6,1,0,0) + (0,0,1,0)
    ["cls", [0, 0, 1, 0]],
    ["last", [0, 0, 1, 0]],
  ] as const)("pools by %s", async (pooling, expected) => {
    expectClose(await vectorOf(await make({ folder: tiny, ...plain, pooling }), "a b"), expected);
  });

  it("puts the right prefix before queries and documents, and declares both", async () => {
    const embedder = await make({ folder: tiny, pooling: "mean", queryPrefix: "a ", documentPrefix: "b " });
    expect(embedder.fingerprint).toMatchObject({ queryPrefix: "a ", documentPrefix: "b " });
    // [CLS] a a [SEP] and [CLS] b a [SEP]
    expectClose([...(await embedder.embedQuery("a")).vectors[0]!], unit(10, 2, 2, 0));
    expectClose(await vectorOf(embedder, "a"), unit(11, 2, 2, 0));
  });

  it("keeps the first dimensions when fewer are wanted", async () => {
    const embedder = await make({ folder: tiny, ...plain, dimensions: 2 });
    expect(embedder.fingerprint.dimensions).toBe(2);
    expectClose(await vectorOf(embedder, "a b"), unit(11, 2));
  });

  it("cuts after the tokens that were asked for, closing token included", async () => {
    const embedder = await make({ folder: tiny, ...plain, maxTokens: 3 });
    const { vectors, notes } = await embedder.embedDocuments(["a b b b"]);
    expectClose([...vectors[0]!], unit(5, 1, 2, 0));
    expect(notes).toMatchObject([{ code: "cut", detail: { texts: 1, maxTokens: 3 } }]);
  });

  it("is the same embedder as miniLM over the same weights, by fingerprint and by vector", async () => {
    const bundled = miniLM();
    open.push(bundled);
    const loaded = await make({ folder: miniLMFolder, model: "sentence-transformers/all-MiniLM-L6-v2" });
    expect(loaded.fingerprint).toEqual(bundled.fingerprint);
    expect(loaded.languages).toEqual(["en"]);
    expect(await vectorOf(loaded, "the ball of thread")).toEqual(await vectorOf(bundled, "the ball of thread"));
  });

  it("gives other weights another fingerprint", async () => {
    await cp(tiny, folder, { recursive: true });
    const before = await make({ folder, model: "acme/tiny", ...plain });
    expect(before.fingerprint.id).toMatch(/^acme\/tiny@int8-[0-9a-f]{8}$/);
    await writeFile(join(folder, "onnx/model_quantized.onnx"), "other weights");
    const after = await make({ folder, model: "acme/tiny", ...plain });
    expect(after.fingerprint.id).not.toBe(before.fingerprint.id);
  });

  it("asks for what the model card says when the family is unknown", async () => {
    for (const key of ["pooling", "queryPrefix", "documentPrefix"] as const) {
      await expect(make({ folder: tiny, ...plain, [key]: undefined })).rejects.toMatchObject({
        code: "invalid-option",
        message: expect.stringMatching(new RegExp(`"${key}" must be given for .*model card`)),
      });
    }
  });

  it.each<[name: string, options: object]>([
    ["pooling", { pooling: "max" }],
    ["dimensions", { dimensions: 5 }],
    ["dimensions", { dimensions: 0 }],
    ["maxTokens", { maxTokens: 65 }],
    ["threads", { threads: 0 }],
    ["dtype", { dtype: "q7" }],
    ["revision", { revision: "main" }],
    ["cacheDir", { cacheDir: "/tmp" }],
  ])("refuses a wrong %s: %j", async (name, options) => {
    await expect(make({ folder: tiny, ...plain, ...options })).rejects.toMatchObject({
      code: "invalid-option",
      message: expect.stringContaining(`"${name}"`),
    });
  });

  it("wants a model or a folder", async () => {
    for (const options of [{}, { folder: "" }] as LocalEmbedderOptions[]) {
      await expect(localEmbedder(options)).rejects.toMatchObject({
        code: "invalid-option",
        message: expect.stringContaining('or "folder"'),
      });
    }
  });

  it("knows a family by the name of its folder, however the path is written", async () => {
    await cp(tiny, join(folder, "e5-small-v2"), { recursive: true });
    const embedder = await make({ folder: `${folder}/x/../e5-small-v2/` });
    expect(embedder.fingerprint).toMatchObject({
      pooling: "mean",
      queryPrefix: "query: ",
      documentPrefix: "passage: ",
    });
  });

  it("says which files it misses, at once or when they vanish later", async () => {
    await expect(make({ folder, ...plain })).rejects.toMatchObject({
      code: "not-found",
      message: expect.stringMatching(
        /config\.json, tokenizer\.json, tokenizer_config\.json, onnx\/model_quantized\.onnx/,
      ),
    });
    await cp(tiny, folder, { recursive: true });
    const embedder = await make({ folder, ...plain });
    await rm(join(folder, "tokenizer.json"));
    await expect(embedder.embedQuery("a")).rejects.toMatchObject({ code: "not-found" });
    await cp(join(tiny, "tokenizer.json"), join(folder, "tokenizer.json"));
    await embedder.embedQuery("a");
  });

  it.each([
    ["weights", "onnx/model_quantized.onnx", "no weights"],
    ["a tokenizer", "tokenizer.json", "{}"],
  ])(
    "fails with the folder's name for %s that cannot be loaded, and recovers once it is mended",
    async (_, file, text) => {
      await cp(tiny, folder, { recursive: true });
      await writeFile(join(folder, file), text);
      const embedder = await make({ folder, ...plain });
      await expect(embedder.embedQuery("a")).rejects.toMatchObject({
        code: "embedder-failed",
        message: expect.stringContaining(folder),
      });
      await cp(join(tiny, file), join(folder, file));
      await embedder.embedQuery("a");
    },
  );

  it("fails when the model gives no vector of the kind that was asked for", async () => {
    const embedder = await make({ folder: tiny, ...plain, pooling: "model" });
    await expect(embedder.embedQuery("a")).rejects.toMatchObject({
      code: "embedder-failed",
      message: expect.stringContaining("no output sentence_embedding"),
    });
  });

  describe("from a hub", () => {
    let server: Server;
    let remoteHost: string;
    let requests: number;
    beforeEach(async () => {
      requests = 0;
      server = createServer(async (request, response) => {
        requests++;
        const file = request.url!.replace("/BAAI/bge-small-en-v1.5/resolve/main/", "");
        response.end(await readFile(join(tiny, file)));
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      remoteHost = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    });
    const stop = async (): Promise<void> => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    };
    afterEach(stop);

    it("knows the family by its id, and works without the network the second time", async () => {
      const options = { model: "BAAI/bge-small-en-v1.5", remoteHost, cacheDir: folder };
      const first = await make(options);
      expect(requests).toBe(4);
      expect(first.fingerprint).toMatchObject({
        pooling: "cls",
        queryPrefix: "Represent this sentence for searching relevant passages: ",
        documentPrefix: "",
        maxTokens: 64, // the fixture has no more positions
      });
      const vector = await vectorOf(first, "a");
      await stop();
      const second = await make(options);
      expect(second.fingerprint).toEqual(first.fingerprint);
      expect(await vectorOf(second, "a")).toEqual(vector);
    });
  });
});
