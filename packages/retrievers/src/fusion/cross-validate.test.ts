import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crossValidate } from "./cross-validate.js";

describe("crossValidate", () => {
  it("judges every query by what the others chose, by hand", () => {
    // two folds of two: whichever two queries stand together, the other two choose.
    // "b" is better on queries 0 to 2, much worse on 3
    const values = [
      [0.5, 0.6],
      [0.5, 0.6],
      [0.5, 0.6],
      [1, 0],
    ];
    const found = crossValidate(["a", "b"], values, { folds: 4, seed: 1 });
    // the folds of 0, 1 and 2 are trained with 3 among the others: a wins (2/3 > 1.2/3); that of 3 is trained on .5 against .6: b
    expect(found.outOfFold).toEqual([
      { tuned: 0.5, baseline: 0.5 },
      { tuned: 0.5, baseline: 0.5 },
      { tuned: 0.5, baseline: 0.5 },
      { tuned: 0, baseline: 1 },
    ]);
    expect(found.folds.map(({ chosen }) => chosen).toSorted()).toEqual(["a", "a", "a", "b"]);
    expect([found.tuned, found.baseline, found.best]).toEqual([0.375, 0.625, 0]);
    expect(found.candidates.map(({ name }) => name)).toEqual(["a", "b"]);
  });

  it("among equals keeps the first, differences of rounding being none", () => {
    const values = Array.from({ length: 10 }, () => [0.3, 0.1 + 0.2]);
    const found = crossValidate(["a", "b"], values, { folds: 5, seed: 1 });
    expect([found.best, new Set(found.folds.map(({ chosen }) => chosen))]).toEqual([0, new Set(["a"])]);
  });

  it("every query is in one fold, folds differ by one query at most, and the seed alone draws them", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })), {
          minLength: 4,
          maxLength: 40,
        }),
        fc.integer({ min: 2, max: 4 }),
        fc.integer(),
        (values, folds, seed) => {
          const found = crossValidate(["a", "b"], values, { folds, seed });
          const sizes = found.folds.map(({ queries }) => queries);
          expect(sizes.reduce((a, b) => a + b)).toBe(values.length);
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
          for (const [query, { tuned, baseline }] of found.outOfFold.entries()) {
            expect(values[query]).toContain(tuned);
            expect(baseline).toBe(values[query]![0]);
          }
          expect(crossValidate(["a", "b"], values, { folds, seed })).toEqual(found);
        },
      ),
    );
  });
});
