import { scope } from "@clew/core";
import { hashEmbedder, referenceIndex, sourceInputs } from "@clew/core/testing";
import { hybrid, rrf } from "@clew/retrievers";
import { expect, it } from "vitest";

it("runs the example of the README", async () => {
  const index = referenceIndex({ embedder: hashEmbedder() });
  const acme = scope("acme");
  await index.sync(acme, sourceInputs(["Ariadne gave Theseus a thread.", "Daedalus built the labyrinth."]));

  const retriever = hybrid(index.in(acme), { fusion: rrf() });
  const { hits, notes } = await retriever.search("Who built the labyrinth?", { k: 1 });
  const documents = await retriever.invoke("Who built the labyrinth?");

  expect(hits[0]!.passage.text).toContain("Daedalus");
  expect(notes).toEqual([]);
  expect(documents[0]!.metadata.clew).toMatchObject({ source: "s2", span: [0, 29] });
});
