import { scope } from "@clew/core";
import { fakeReranker, hashEmbedder, referenceIndex, scriptedModel } from "@clew/core/testing";
import { expect, it } from "vitest";
import {
  bandedBlend,
  cached,
  calibratedBlend,
  convex,
  decomposition,
  diverse,
  expanded,
  feedback,
  filtered,
  httpReranker,
  hybrid,
  hyde,
  lexical,
  linked,
  listwiseReranker,
  live,
  multiQuery,
  naive,
  proximityReranker,
  reranked,
  routed,
  rrf,
  stepBack,
  stretchedBlend,
  widened,
} from "./index.js";

const view = referenceIndex({ embedder: hashEmbedder() }).in(scope("acme"));
const misspelt: object = { dept: 5 };

it.each<[string, () => unknown]>([
  ["naive", () => naive(view, misspelt)],
  ["lexical", () => lexical(view, misspelt)],
  ["hybrid", () => hybrid(view, misspelt)],
  ["linked", () => linked(view, misspelt)],
  ["reranked", () => reranked(lexical(view), { reranker: fakeReranker(), ...misspelt })],
  ["filtered", () => filtered(lexical(view), { view, ...misspelt })],
  ["live", () => live(() => [], { name: "web", ...misspelt })],
  ["rrf", () => rrf(misspelt)],
  ["convex", () => convex(misspelt)],
  ["httpReranker", () => httpReranker({ protocol: "tei", ...misspelt })],
  ["listwiseReranker", () => listwiseReranker({ model: scriptedModel({ answers: [] }), ...misspelt })],
  ["expanded", () => expanded(lexical(view), misspelt)],
  ["diverse", () => diverse(lexical(view), { view, ...misspelt })],
  ["widened", () => widened(lexical(view), { view, ...misspelt })],
  ["cached", () => cached(lexical(view), { view, ...misspelt })],
  ["routed", () => routed({ routes: { default: lexical(view) }, ...misspelt })],
  ["feedback", () => feedback(misspelt)],
  ...Object.entries({ multiQuery, hyde, stepBack, decomposition }).map(([name, make]): [string, () => unknown] => [
    name,
    () => make({ model: scriptedModel({ answers: [] }), ...misspelt }),
  ]),
  ["proximityReranker", () => proximityReranker(misspelt)],
  ["calibratedBlend", () => calibratedBlend(misspelt)],
  ["bandedBlend", () => bandedBlend(misspelt)],
  ["stretchedBlend", () => stretchedBlend(misspelt)],
])("%s refuses an option that it does not have, and names those it has", (name, make) => {
  expect(make).toThrow(expect.objectContaining({ code: "invalid-option" }));
  expect(make).toThrow(new RegExp(`"dept" must be one of .*: ${name} has no other`));
});

it("search refuses them too", async () => {
  await expect(lexical(view).search("thread", misspelt)).rejects.toThrow(/"dept" must be one of .*filter/);
});
