import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { scope } from "@clew/core";
import { hashEmbedder, sourceInputs } from "@clew/core/testing";
import { splitter } from "@clew/core/text";
import { embeddingEndpoint } from "@clew/endpoints";
import { openIndex } from "@clew/index";
import { hybrid } from "@clew/retrievers";
import { expect, it, onTestFinished } from "vitest";

/** A server that serves one name, and weights that can be changed behind it. */
async function served() {
  let seed = "";
  const model = hashEmbedder();
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const piece of request) body += piece;
    const { input } = JSON.parse(body) as { input: string[] };
    // a tuned model moves every text, similar ones to similar places
    const { vectors } = await model.embedDocuments(input.map((text) => text.replace(/\w+/g, (word) => word + seed)));
    const data = vectors.map((vector, index) => ({ index, embedding: [...vector] }));
    response.setHeader("content-type", "application/json").end(JSON.stringify({ data, model: "tuned" }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return {
    baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    tune: (to: string) => {
      seed = to;
    },
  };
}

it("an index refuses a served embedder that was tuned anew under its old name", async () => {
  const { baseURL, tune } = await served();
  const path = await mkdtemp(join(tmpdir(), "clew-retuned-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  const open = async () =>
    openIndex(join(path, "index"), {
      embedder: await embeddingEndpoint({ kind: "vllm", baseURL, model: "tuned", apiKey: "none" }),
      splitter: splitter(),
    });
  const search = async (): Promise<number> => {
    const index = await open();
    try {
      const { hits } = await hybrid(index.in(scope("acme"))).search("Who gave Theseus the thread?", { k: 3 });
      return hits.length;
    } finally {
      await index.close();
    }
  };
  const made = await open();
  await made.sync(scope("acme"), sourceInputs(["Ariadne gave Theseus a thread.", "Bread rises."]));
  await made.close();
  expect(await search()).toBe(2);
  tune("x");
  await expect(search()).rejects.toMatchObject({ code: "index-mismatch" });
  tune("");
  expect(await search()).toBe(2);
});
