import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { binomialBelow, hypergeometricBelow, upperRate } from "./binomial.js";

describe("binomialBelow", () => {
  it("sums the chances", () => {
    // by hand: (1 + 4 + 6) / 16 and .9^3 + 3 · .1 · .9^2
    expect(binomialBelow(2, 4, 0.5)).toBeCloseTo(11 / 16, 12);
    expect(binomialBelow(1, 3, 0.1)).toBeCloseTo(0.972, 12);
    expect([binomialBelow(0, 0, 0.3), binomialBelow(3, 3, 1), binomialBelow(2, 3, 1)]).toEqual([1, 1, 0]);
    expect(binomialBelow(100, 10_000, 0.01)).toBeCloseTo(0.5266, 3);
  });

  it("rises with k and falls with p", () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), fc.double({ min: 0, max: 1, noNaN: true }), (k, n, p) => {
        const here = binomialBelow(k, n, p);
        expect(binomialBelow(k + 1, n, p)).toBeGreaterThanOrEqual(here - 1e-12);
        expect(binomialBelow(k, n, Math.min(1, p + 0.1))).toBeLessThanOrEqual(here + 1e-12);
      }),
    );
  });
});

describe("upperRate", () => {
  it("is the exact bound", () => {
    // no success in n: 1 - (1 - confidence)^(1/n)
    expect(upperRate(0, 20, 0.95)).toBeCloseTo(1 - 0.05 ** (1 / 20), 9);
    // tables of Clopper and Pearson, one-sided 97.5 %: 3 of 20
    expect(upperRate(3, 20, 0.975)).toBeCloseTo(0.3789, 4);
    expect([upperRate(0, 0, 0.9), upperRate(5, 5, 0.9)]).toEqual([1, 1]);
  });

  it.each([
    [2, 1, 0.9],
    [0, 1, 1],
    [-1, 1, 0.5],
  ])("refuses %j of %j at %j", (k, n, confidence) => {
    expect(() => upperRate(k, n, confidence)).toThrowError(expect.objectContaining({ code: "invalid-option" }));
  });
});

describe("hypergeometricBelow", () => {
  it("sums the chances", () => {
    // by hand: 3 of 10 count, 4 are drawn: C(7,4)/C(10,4) = 35/210, and 3 · C(7,3)/210 = 105/210 for one
    const draw = { population: 10, successes: 3, draws: 4 };
    expect(hypergeometricBelow(0, draw)).toBeCloseTo(1 / 6, 12);
    expect(hypergeometricBelow(1, draw)).toBeCloseTo(2 / 3, 12);
    expect(hypergeometricBelow(3, draw)).toBeCloseTo(1, 12);
    expect(hypergeometricBelow(1, { population: 4, successes: 3, draws: 4 })).toBe(0);
  });

  it("comes near the binomial in a large population", () => {
    const far = hypergeometricBelow(3, { population: 200_000, successes: 20_000, draws: 40 });
    expect(far).toBeCloseTo(binomialBelow(3, 40, 0.1), 3);
  });

  it("refuses what is no draw", () => {
    expect(() => hypergeometricBelow(1, { population: 3, successes: 4, draws: 1 })).toThrowError(/successes/);
    expect(() => hypergeometricBelow(1, { population: 3, successes: 1, draws: 4 })).toThrowError(/draws/);
    expect(() => hypergeometricBelow(-1, { population: 3, successes: 1, draws: 1 })).toThrowError(/k/);
  });
});
