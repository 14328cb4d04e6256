import type { Hit, PassageId } from "@clew/core";
import { aHit } from "@clew/core/testing";
import fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";
import { rrf } from "./rrf.js";

const ranking = (ids: readonly string[]): Hit[] => ids.map((id, index) => aHit({ id, score: 10 - index }));
const anyRanking = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 20 }).map(ranking);
const scores = (hits: readonly Hit[]): [string, number][] => hits.map(({ passage, score }) => [passage.id, score]);

describe("rrf", () => {
  it("adds reciprocal ranks", () => {
    // by hand, constant 60: a = 1/61 + 1/62, c = 1/61, b = 1/62
    const hits = rrf({ rankConstant: 60 }).fuse([
      { name: "lexical", hits: ranking(["a", "b"]) },
      { name: "dense", hits: ranking(["c", "a"]) },
    ]);
    expect(hits.map(({ passage }) => passage.id)).toEqual(["a", "c", "b"]);
    expect(hits[0]!.score).toBeCloseTo(1 / 61 + 1 / 62, 12);
    expectTypeOf(hits[0]!.passage.id).toEqualTypeOf<PassageId>();
  });

  it("D2: a rank constant of 0 stays 0", () => {
    const [first, second] = rrf({ rankConstant: 0 }).fuse([{ name: "lexical", hits: ranking(["a", "b"]) }]);
    expect([first!.score, second!.score]).toEqual([1, 0.5]);
  });

  it("D2: passages that share their text stay two", () => {
    const hits = rrf().fuse([
      { name: "lexical", hits: [aHit({ id: "a", text: "same" }), aHit({ id: "b", text: "same" })] },
    ]);
    expect(hits.map(({ passage }) => passage.id)).toEqual(["a", "b"]);
  });

  it("D5: a leg of weight 0 changes nothing", () => {
    fc.assert(
      fc.property(anyRanking, anyRanking, (kept, silenced) => {
        const fused = rrf({ weights: { lexical: 1, dense: 0 } }).fuse([
          { name: "lexical", hits: kept },
          { name: "dense", hits: silenced },
        ]);
        expect(scores(fused)).toEqual(scores(rrf().fuse([{ name: "lexical", hits: kept }])));
      }),
    );
  });

  it("finds every candidate once, whatever the order of the legs", () => {
    fc.assert(
      fc.property(anyRanking, anyRanking, (lexical, dense) => {
        const legs = [
          { name: "lexical", hits: lexical },
          { name: "dense", hits: dense },
        ];
        const fused = rrf().fuse(legs);
        const ids = new Set([...lexical, ...dense].map(({ passage }) => passage.id));
        expect(new Set(fused.map(({ passage }) => passage.id))).toEqual(ids);
        expect(fused).toHaveLength(ids.size);
        expect(scores(rrf().fuse(legs.toReversed()))).toEqual(scores(fused));
      }),
    );
  });

  it.each([
    { rankConstant: -1 },
    { rankConstant: Number.NaN },
    { weights: { lexical: -1 } },
    { weights: { lexical: 0 } },
  ])("refuses %j", (options) => {
    expect(() => rrf(options)).toThrowError(expect.objectContaining({ code: "invalid-option" }));
  });
});
