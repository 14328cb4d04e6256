import { aHit } from "@clew/core/testing";
import { reranked } from "@clew/retrievers";
import { expect, it } from "vitest";
import { parseBlend } from "./parse-blend.js";
import { recordedReranker, recordedRetriever } from "./recorded-stage.js";

const hits = ["a", "b", "c"].map((id, index) => aHit({ id, score: 3 - index }));
const first = recordedRetriever(new Map([["q", hits]]));
const reranker = recordedReranker(new Map([["q", { scores: [0, 1, 2], ms: [10, 10, 10] }]]), "log-odds");
const order = async (options: { deadlineMs?: number; depth?: number } = {}): Promise<string[]> => {
  const { hits: found } = await reranked(first, { reranker, blend: 1, ...options }).search("q", { k: 3 });
  return found.map(({ passage }) => passage.id);
};

it("ranks from what was recorded", async () => {
  expect(await order()).toEqual(["c", "b", "a"]);
  expect(await order({ depth: 2 })).toEqual(["b", "a", "c"]);
});

it("a deadline reaches as far as the recorded times say", async () => {
  expect(await order({ deadlineMs: 20 })).toEqual(["b", "a", "c"]);
  expect(await order({ deadlineMs: 19 })).toEqual(["a", "b", "c"]);
});

it.each(["calibrated:.5", "calibrated", "stretched:0", "banded"])("knows the blend %s", (name) => {
  expect(parseBlend(name).mix([{ rank: 1, before: 1, score: 1 }], "order")).toHaveLength(1);
});

it.each(["", "calibrated:2", "stretched:x", "banded:.5", "other"])("refuses the blend %j", (name) => {
  expect(() => parseBlend(name)).toThrowError(expect.objectContaining({ code: "invalid-option" }));
});
