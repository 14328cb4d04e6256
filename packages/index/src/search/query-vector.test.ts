import { scope } from "@clew/core";
import { hashEmbedder, paragraphSplitter, sourceInputs } from "@clew/core/testing";
import { expect, it } from "vitest";
import { memoryIndex } from "../memory-index.js";

it.each([Number.NaN, Number.POSITIVE_INFINITY])("a query's vector with %d in it is refused", async (number) => {
  const acme = scope("acme");
  const embedder = hashEmbedder();
  const index = memoryIndex({ embedder, splitter: paragraphSplitter() });
  await index.sync(acme, sourceInputs(["red fox"]));
  const vector = new Float32Array(embedder.fingerprint.dimensions).fill(0.1);
  vector[3] = number;
  const query = { text: "red fox", vector };
  const refused = { code: "invalid-option", message: expect.stringContaining("finite") };
  await index.in(acme).read(async (snapshot) => {
    await expect(snapshot.dense(query, { k: 1 })).rejects.toMatchObject(refused);
    await expect(snapshot.score([], query, ["cosine"])).rejects.toMatchObject(refused);
  });
});
