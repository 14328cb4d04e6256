import { scope } from "@clew/core";
import { hashEmbedder, referenceIndex, scriptedModel, sourceInputs } from "@clew/core/testing";
import { cached, diverse, expanded, hybrid, lexical, multiQuery, routed, rrf, widened } from "@clew/retrievers";
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

it("runs the example of what stands over other retrievers", async () => {
  const index = referenceIndex({ embedder: hashEmbedder() });
  const acme = scope("acme");
  await index.sync(acme, sourceInputs(["Ariadne gave Theseus a thread.", "Daedalus built the labyrinth.\n\nHe fled."]));
  const model = scriptedModel({ answers: ['{"queries": ["builder of the maze of Crete"]}'] });

  const view = index.in(acme);
  const asked = expanded(hybrid(view), { by: multiQuery({ model }) });
  const chosen = diverse(asked, { view, lambda: 0.7 });
  const whole = widened(chosen, { view, unit: "section" });
  const router = routed({ routes: { code: lexical(view), default: whole } });
  const answers = await cached(router, { view }).search("Who built the labyrinth?", { k: 4 });

  expect(answers.hits[0]!.passage.text).toBe("Daedalus built the labyrinth.\n\nHe fled.");
  expect(answers.notes).toEqual([]);
});
