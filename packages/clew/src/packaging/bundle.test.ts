import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { expect, it, onTestFinished } from "vitest";

const entry = `
import { createRetrievalAgent } from "@clew/agents";
import { defineRetriever, noUsage, passageId, scope } from "@clew/core";
export { hybrid, reranked, httpReranker } from "@clew/retrievers";

const text = "The labyrinth was built by Daedalus.";
const passage = { id: passageId("p1"), source: "crete", ordinal: 0, span: [0, text.length], text, title: "Crete", headings: [], line: 1, metadata: {} };
const explain = { kind: "other", name: "live", detail: {} };
const retriever = defineRetriever("live", async () => ({ hits: [{ passage, score: 1, explain }], notes: [], usage: noUsage, generation: -1 }), { scope: scope("me") });
export const handler = (question) => createRetrievalAgent({ retriever }).ask(question);
`;

it("core, retrievers and agents bundle for a serverless function, and answer there", async () => {
  const folder = await mkdtemp(join(tmpdir(), "clew-bundle-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const outfile = join(folder, "handler.mjs");
  const { metafile } = await build({
    stdin: { contents: entry, resolveDir: fileURLToPath(new URL("../..", import.meta.url)), loader: "js" },
    outfile,
    bundle: true,
    minify: true,
    format: "esm",
    platform: "node",
    target: "node20",
    metafile: true,
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  });
  const inputs = Object.keys(metafile.inputs);
  expect(inputs.filter((path) => /\.node$|lmdb|onnxruntime|@huggingface/.test(path))).toEqual([]);
  const { handler } = await import(pathToFileURL(outfile).href);
  const answer = await handler("Who built the labyrinth?");
  expect(answer.citations[0].quote).toContain("Daedalus");
});
