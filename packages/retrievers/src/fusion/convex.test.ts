import { type Hit, passageId } from "@clew/core";
import { aHit } from "@clew/core/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { convex } from "./convex.js";

const hits = (scores: Readonly<Record<string, number>>): Hit[] =>
  Object.entries(scores)
    .map(([id, score]) => aHit({ id, score }))
    .sort((a, b) => b.score - a.score);

describe("convex", () => {
  it("weighs raw cosines and BM25 divided by its best", () => {
    // by hand: a = .7·.5 + .3·(8/8) = .65, b = .7·.6 + .3·(2/8) = .495, c = .7·.9 = .63
    const fused = convex().fuse([
      { name: "lexical", hits: hits({ a: 8, b: 2 }) },
      { name: "dense", hits: hits({ c: 0.9, b: 0.6, a: 0.5 }) },
    ]);
    expect(fused.map(({ passage }) => passage.id)).toEqual(["a", "c", "b"]);
    expect(fused.map(({ score }) => Number(score.toFixed(6)))).toEqual([0.65, 0.63, 0.495]);
  });

  it("uses the score of a candidate that the leg did not rank", () => {
    const fused = convex().fuse([
      { name: "lexical", hits: hits({ a: 8 }), scores: new Map([[passageId("b"), 4]]) },
      { name: "dense", hits: hits({ b: 0.8 }), scores: new Map([[passageId("a"), 0.1]]) },
    ]);
    expect(fused.map(({ passage, score }) => [passage.id, Number(score.toFixed(6))])).toEqual([
      ["b", 0.71],
      ["a", 0.37],
    ]);
    expect(fused[0]!.explain).toMatchObject({
      kind: "fused",
      parts: [
        { name: "lexical", score: 4 },
        { name: "dense", rank: 1, score: 0.8 },
      ],
    });
  });

  it("stretches with min-max", () => {
    const fused = convex({ weights: { dense: 1 }, normalise: { dense: "min-max" } }).fuse([
      { name: "dense", hits: hits({ a: 0.9, b: 0.7, c: 0.5 }) },
    ]);
    expect(fused.map(({ score }) => Number(score.toFixed(6)))).toEqual([1, 0.5, 0]);
  });

  it("D5: weights 1 and 0 give exactly the one ranking", () => {
    const anyHits = fc
      .dictionary(fc.string({ minLength: 1 }), fc.double({ min: 0.01, max: 50, noNaN: true }))
      .map(hits);
    fc.assert(
      fc.property(anyHits, anyHits, (lexical, dense) => {
        const fused = convex({ weights: { lexical: 1, dense: 0 }, normalise: { lexical: "none" } }).fuse([
          { name: "lexical", hits: lexical },
          { name: "dense", hits: dense },
        ]);
        expect(new Map(fused.map(({ passage, score }) => [passage.id, score]))).toEqual(
          new Map(lexical.map(({ passage, score }) => [passage.id, score])),
        );
      }),
    );
  });

  it("is finite where every score is 0 or below", () => {
    const fused = convex().fuse([
      { name: "lexical", hits: hits({ a: 0 }) },
      { name: "dense", hits: hits({ a: -0.4 }) },
    ]);
    expect(fused[0]!.score).toBeCloseTo(-0.28, 12);
  });

  it("refuses an unknown normalisation", () => {
    expect(() => convex({ normalise: { dense: "softmax" as "none" } })).toThrowError(
      expect.objectContaining({ code: "invalid-option" }),
    );
  });
});
