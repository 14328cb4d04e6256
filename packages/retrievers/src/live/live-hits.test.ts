import { compareHits } from "@clew/core";
import { aPassage } from "@clew/core/testing";
import { analyzer } from "@clew/core/text";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { liveHits } from "./live-hits.js";
import { matchPassages } from "./match-passages.js";

const results = (given: readonly (number | null)[], each: number) =>
  given.map((score, at) => ({
    result: at + 1,
    given: score,
    fetchedAt: 0,
    passages: Array.from({ length: each }, (_, piece) => aPassage({ id: `p${given.length - at}-${each - piece}` })),
  }));

describe("liveHits", () => {
  it("is in the one total order, whatever the scores, and ties keep their places", () => {
    const anyScores = fc.array(
      fc.oneof(fc.constantFrom(0, -1, 0.5, 1e-9, 1e6), fc.double({ min: -1e6, max: 1e6, noNaN: true })),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(anyScores, fc.integer({ min: 1, max: 3 }), (scores, each) => {
        const hits = liveHits(results(scores, each), "x");
        expect(hits).toEqual([...hits].sort(compareHits));
        const ranks = hits.map(({ explain }) => (explain as unknown as { detail: { result: number } }).detail.result);
        const expected = scores
          .map((score, at) => [score, at + 1] as const)
          .sort((a, b) => b[0] - a[0] || a[1] - b[1])
          .flatMap(([, result]) => Array.from({ length: each }, () => result));
        expect(ranks).toEqual(expected);
      }),
    );
  });

  it("without scores a hit has 1 / rank", () => {
    expect(liveHits(results([null, null], 2), "x").map(({ score }) => score)).toEqual([1, 1 / 2, 1 / 3, 1 / 4]);
  });
});

describe("matchPassages", () => {
  it("is BM25 over the passages of one text", () => {
    const passages = ["red thread", "red oven bread", "thread thread thread"].map((text, at) =>
      aPassage({ id: `p${at}`, text }),
    );
    const matching = matchPassages("thread, thread", passages, analyzer());
    let step = matching.next();
    while (!step.done) step = matching.next();
    // by hand: df 2 of 3, idf = ln(1 + 1.5/2.5) = .470004; lengths 2, 3, 3, average 8/3
    // tf 1, length 2: 2.2 / (1 + 1.2(.25 + .75·.75)) = 2.2/1.975; tf 3, length 3: 6.6 / (3 + 1.2(.25 + .75·1.125)) = 6.6/4.3125
    expect(step.value[0]).toBeCloseTo((0.470004 * 2.2) / 1.975, 5);
    expect(step.value[1]).toBe(0);
    expect(step.value[2]).toBeCloseTo((0.470004 * 6.6) / 4.3125, 5);
  });
});
