import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { poolTokens } from "./pool-tokens.js";

// two tokens of width 3
const hidden = [3, 0, 4, 1, 0, -4];

describe("poolTokens", () => {
  it.each([
    // by hand: the mean is (2, 0, 0); (3, 0, 4) has length 5; (1, 0, -4) has length sqrt 17
    ["mean", [1, 0, 0]],
    ["cls", [0.6, 0, 0.8]],
    ["last", [1 / Math.sqrt(17), 0, -4 / Math.sqrt(17)]],
  ] as const)("%s", (pooling, expected) => {
    const vector = poolTokens({ hidden, width: 3, pooling, dimensions: 3 });
    for (const [index, value] of expected.entries()) expect(vector[index]).toBeCloseTo(value, 6);
  });

  it("keeps the first dimensions and brings them to length 1", () => {
    // by hand: the first two numbers of (3, 0, 4) are (3, 0)
    expect(poolTokens({ hidden, width: 3, pooling: "cls", dimensions: 2 })).toEqual(Float32Array.of(1, 0));
  });

  it("always gives length 1", () => {
    const number = fc.float({ min: -100, max: 100, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(number, number), { minLength: 1 }), (tokens) => {
        const flat = [1e-3, 0, ...tokens.flat()];
        fc.pre(
          flat.some((_, index) => index % 2 === 0 && flat.filter((__, i) => i % 2 === 0).reduce((a, b) => a + b) !== 0),
        );
        const vector = poolTokens({ hidden: flat, width: 2, pooling: "mean", dimensions: 2 });
        expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
      }),
    );
  });

  it.each([[[Number.NaN, 1]], [[Number.POSITIVE_INFINITY, 1]], [[0, 0]]])("refuses %j", (numbers) => {
    expect(() => poolTokens({ hidden: numbers, width: 2, pooling: "cls", dimensions: 2 })).toThrowError(/length/);
  });

  it("refuses numbers that are no whole tokens, and more dimensions than there are", () => {
    expect(() => poolTokens({ hidden, width: 4, pooling: "mean", dimensions: 4 })).toThrowError(/no vector/);
    expect(() => poolTokens({ hidden, width: 3, pooling: "mean", dimensions: 4 })).toThrowError(/no vector/);
    expect(() => poolTokens({ hidden: [], width: 3, pooling: "mean", dimensions: 3 })).toThrowError(/no vector/);
  });
});
