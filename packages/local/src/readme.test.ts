import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { aHit } from "@clew/core/testing";
import { crossEncoder, localEmbedder, miniLM } from "@clew/local";
import { expect, it } from "vitest";

it("runs the example of the README", async () => {
  const embedder = miniLM(); // make one and share it
  const { vectors } = await embedder.embedDocuments(["A clew is a ball of thread.", "Bread needs yeast."]);
  const query = await embedder.embedQuery("What is a clew?");
  await embedder.close(); // or not: an idle model keeps no script from ending

  // downloaded once into the user's cache, then used from there
  const openBge = () =>
    localEmbedder({
      model: "Xenova/bge-small-en-v1.5", // prefixes, pooling and limits of its family are known
      onProgress: ({ file, bytes, total }) => console.error(file, bytes, total),
    });
  // in a folder: config.json, tokenizer.json, tokenizer_config.json, onnx/model_quantized.onnx
  const openReranker = (folder: string) => crossEncoder({ folder });

  const similarity = (vector: Float32Array): number =>
    vector.reduce((sum, value, index) => sum + value * query.vectors[0]![index]!, 0);
  expect(similarity(vectors[0]!)).toBeGreaterThan(similarity(vectors[1]!));
  expect(openBge).toBeTypeOf("function"); // compiled only: it needs a network
  const reranker = await openReranker(fileURLToPath(new URL("../fixtures/tiny-cross-encoder", import.meta.url)));
  expect((await reranker.rerank("king", [aHit({ text: "the king" })])).scores).toHaveLength(1);
  await reranker.close?.();
});

it("shows in the README the very lines that run here", async () => {
  const lines = async (file: string): Promise<string[]> =>
    (await readFile(new URL(file, import.meta.url), "utf8")).split("\n").map((line) => line.trim());
  const readme = (await lines("../README.md")).join("\n");
  const example = /```ts\n([\s\S]*?)\n```/
    .exec(readme)![1]!
    .split("\n")
    .filter((line) => line !== "");
  const here = new Set(await lines("readme.test.ts"));
  expect(example.filter((line) => !here.has(line))).toEqual([]);
});
