import { note, noUsage, type SearchResult } from "@clew/core";
import { expect, it } from "vitest";
import { mergeResults } from "./merge-results.js";

const result = (fields: Partial<SearchResult>): SearchResult => ({
  hits: [],
  notes: [],
  usage: noUsage,
  generation: 1,
  ...fields,
});

it("adds up what searches cost, and keeps each note once", () => {
  const late = note("deadline-passed", "late", { ms: 5 });
  const usage = { inputTokens: 1, outputTokens: 2, calls: 3, usd: 0.5 };
  expect(mergeResults([result({ notes: [late], usage }), result({ notes: [{ ...late }], usage })])).toEqual({
    notes: [late],
    usage: { inputTokens: 2, outputTokens: 4, calls: 6, usd: 1 },
    generation: 1,
  });
});

it("says so when they saw different generations, and names the oldest; live data has none", () => {
  const merged = mergeResults([result({ generation: 7 }), result({ generation: -1 }), result({ generation: 4 })]);
  expect(merged).toMatchObject({
    generation: 4,
    notes: [{ code: "generations-differ", detail: { generations: [4, 7] } }],
  });
  expect(mergeResults([result({ generation: -1 }), result({ generation: 4 })])).toMatchObject({
    generation: 4,
    notes: [],
  });
  expect(mergeResults([result({ generation: -1 })]).generation).toBe(-1);
});
