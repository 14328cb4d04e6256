import { aHit } from "@clew/core/testing";
import { expect, it } from "vitest";
import { formatExplain } from "./format-explain.js";

it("says why a hit stands where it stands, stage by stage", () => {
  const lexical = {
    kind: "leg",
    leg: "lexical",
    rank: 2,
    terms: [{ term: "thread", tf: 1, df: 3, score: 1.25, at: [] }],
  } as const;
  const hit = aHit({
    explain: {
      kind: "reranked",
      reranker: "cross-encoder",
      rankBefore: 4,
      before: {
        kind: "fused",
        method: "convex",
        parts: [
          { name: "lexical", rank: 2, score: 1.25, gain: 0.3, explain: lexical },
          { name: "dense", score: 0.4, gain: 0.28 },
        ],
      },
    },
  });
  expect(formatExplain(hit, "")).toEqual([
    "cross-encoder: not reached in time, was rank 4",
    "fused by convex",
    "  lexical: +0.3 (rank 2, score 1.25)",
    "    lexical: rank 2",
    "      thread: 1.25 (occurs 1×, in 3 passages)",
    "  dense: +0.28 (not ranked, score 0.4)",
  ]);
});

it("says what a stage did, and the reason before it", () => {
  const dense = { kind: "leg", leg: "dense", rank: 1, cosine: 0.5 } as const;
  const hit = aHit({ explain: { kind: "other", name: "diverse", detail: { similar: 0.25 }, before: dense } });
  expect(formatExplain(hit, "")).toEqual(['diverse {"similar":0.25}', "dense: rank 1, cosine 0.5"]);
});
