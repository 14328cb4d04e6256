import { aHit } from "@clew/core/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bandedBlend } from "./banded-blend.js";
import type { Blend, BlendGains } from "./blend.js";
import { blendScores } from "./blend-scores.js";
import { calibratedBlend } from "./calibrated-blend.js";
import { comparableScores } from "./comparable-scores.js";
import { stretchedBlend } from "./stretched-blend.js";

const reached = [
  { rank: 1, before: 9, score: 0 },
  { rank: 2, before: 5, score: Math.log(4) },
  { rank: 3, before: 1, score: -Math.log(4) },
];
const sums = (gains: readonly BlendGains[]): number[] => gains.map(({ before, reranker }) => before + reranker);

describe("calibratedBlend", () => {
  it("adds the stretched score before and the logistic of log-odds", () => {
    // by hand: before 1, .5, 0; p = .5, .8, .2
    const gains = calibratedBlend({ share: 0.25 }).mix(reached, "log-odds");
    for (const [index, sum] of [0.875, 0.575, 0.05].entries()) expect(sums(gains)[index]).toBeCloseTo(sum, 12);
  });

  it("shifts and flattens log-odds", () => {
    // by hand: logistic(.5 · ln 4 + ln 2) = logistic(ln 4) = .8
    const [, second] = calibratedBlend({ share: 1, slope: 0.5, bias: Math.log(2) }).mix(reached, "log-odds");
    expect(second!.reranker).toBeCloseTo(0.8, 12);
  });

  it("takes probabilities as they are and stretches what has no scale", () => {
    expect(comparableScores([0.2, 1.5, -1], "probability", {})).toEqual([0.2, 1, 0]);
    expect(comparableScores([10, 30, 20], "order", {})).toEqual([0, 1, 0.5]);
    expect(comparableScores([800, -800], "log-odds", {})).toEqual([1, 0]);
  });
});

describe("bandedBlend", () => {
  it("gives each band of ranks its own share", () => {
    const bands = [{ to: 1, share: 0 }, { to: 2, share: 0.5 }, { share: 1 }];
    // by hand: 1; .5 · .5 + .5 · .8; .2
    const gains = bandedBlend({ bands }).mix(reached, "log-odds");
    for (const [index, sum] of [1, 0.65, 0.2].entries()) expect(sums(gains)[index]).toBeCloseTo(sum, 12);
  });

  it.each([
    [[]],
    [[{ share: 2 }]],
    [[{ to: 3, share: 0.5 }]],
    [[{ share: 0.5 }, { share: 0.5 }]],
    [[{ to: 3, share: 0.5 }, { to: 3, share: 0.5 }, { share: 0.1 }]],
    [[{ to: 0, share: 0.5 }, { share: 0.1 }]],
  ])("refuses the bands %j", (bands) => {
    expect(() => bandedBlend({ bands })).toThrowError(expect.objectContaining({ code: "invalid-option" }));
  });
});

it("stretchedBlend stretches both", () => {
  // by hand: before 1, .5, 0; new .5, 1, 0
  expect(sums(stretchedBlend({ share: 0.5 }).mix(reached, "log-odds"))).toEqual([0.75, 0.75, 0]);
});

it.each([
  () => calibratedBlend({ share: -0.1 }),
  () => calibratedBlend({ slope: 0 }),
  () => calibratedBlend({ bias: Number.NaN }),
  () => stretchedBlend({ share: 1.1 }),
])("refuses options out of range", (make) => {
  expect(make).toThrowError(expect.objectContaining({ code: "invalid-option" }));
});

const score = fc.double({ noNaN: true, min: -1e6, max: 1e6 });
const scales = fc.constantFrom("log-odds", "probability", "order", "complete");
const blends = fc.constantFrom<Blend>(
  calibratedBlend(),
  calibratedBlend({ share: 0 }),
  calibratedBlend({ share: 1 }),
  bandedBlend(),
  stretchedBlend(),
);

describe("blendScores (property)", () => {
  it("keeps every hit once, in the order of its scores, what was reached above the rest", () => {
    const items = fc.array(fc.tuple(score, fc.option(score, { nil: undefined })), { maxLength: 20 });
    fc.assert(
      fc.property(items, scales, blends, (pairs, scale, blend) => {
        const hits = pairs
          .map(([before], index) => aHit({ id: `p${index}`, score: before }))
          .sort((a, b) => b.score - a.score);
        const scores = pairs.map(([, after]) => after);
        const found = blendScores({ hits, scores, reranker: { id: "r", scale }, blend });
        expect(found.map(({ passage }) => passage.id).sort()).toEqual(hits.map(({ passage }) => passage.id).sort());
        const values = found.map((hit) => hit.score);
        expect(values).toEqual(values.toSorted((a, b) => b - a));
        const count = scores.filter((one) => one !== undefined).length;
        expect(values.filter((value) => value >= 1)).toHaveLength(count);
      }),
    );
  });

  it("at share 1 a monotonous change of an order changes nothing", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: -50, max: 50 }), { minLength: 1 }), (scores) => {
        const hits = scores.map((_, index) => aHit({ id: `p${index}`, score: -index }));
        const order = (of: readonly number[], scale: "log-odds" | "order") =>
          blendScores({ hits, scores: of, reranker: { id: "r", scale }, blend: calibratedBlend({ share: 1 }) }).map(
            ({ passage }) => passage.id,
          );
        expect(order(scores, "order")).toEqual(
          order(
            scores.map((value) => value / 10),
            "log-odds",
          ),
        );
      }),
    );
  });
});
