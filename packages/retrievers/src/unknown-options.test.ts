import { scope } from "@clew/core";
import { fakeReranker, hashEmbedder, referenceIndex, scriptedModel } from "@clew/core/testing";
import { expect, it } from "vitest";
import {
  convex,
  filtered,
  httpReranker,
  hybrid,
  lexical,
  listwiseReranker,
  live,
  naive,
  reranked,
  rrf,
} from "./index.js";

const view = referenceIndex({ embedder: hashEmbedder() }).in(scope("acme"));
const misspelt: object = { dept: 5 };

it.each<[string, () => unknown]>([
  ["naive", () => naive(view, misspelt)],
  ["lexical", () => lexical(view, misspelt)],
  ["hybrid", () => hybrid(view, misspelt)],
  ["reranked", () => reranked(lexical(view), { reranker: fakeReranker(), ...misspelt })],
  ["filtered", () => filtered(lexical(view), { view, ...misspelt })],
  ["live", () => live(() => [], { name: "web", ...misspelt })],
  ["rrf", () => rrf(misspelt)],
  ["convex", () => convex(misspelt)],
  ["httpReranker", () => httpReranker({ protocol: "tei", ...misspelt })],
  ["listwiseReranker", () => listwiseReranker({ model: scriptedModel({ answers: [] }), ...misspelt })],
])("%s refuses an option that it does not have, and names those it has", (name, make) => {
  expect(make).toThrow(expect.objectContaining({ code: "invalid-option" }));
  expect(make).toThrow(new RegExp(`"dept" must be one of .*: ${name} has no other`));
});

it("search refuses them too", async () => {
  await expect(lexical(view).search("thread", misspelt)).rejects.toThrow(/"dept" must be one of .*filter/);
});
