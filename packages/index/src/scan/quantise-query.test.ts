import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quantiseQuery } from "./quantise-query.js";

describe("quantiseQuery", () => {
  it("quantises by the largest component", () => {
    // the scale is 2^-15, exactly
    const { codes, scale, residual, length } = quantiseQuery(Float32Array.of(32767 / 32768, -0.5, 0, 2 ** -17));
    expect([...codes]).toEqual([32767, -16384, 0, 0]);
    expect(scale).toBe(2 ** -15);
    expect(residual).toBeCloseTo(2 ** -17, 12);
    expect(length).toBeCloseTo(Math.hypot(32767 / 32768, 0.5, 2 ** -17), 12);
  });

  it("never lets a sum of products leave 32 bits, and says how far off it is", () => {
    const [value, size] = [
      fc.float({ noNaN: true, noDefaultInfinity: true }),
      fc.constantFrom(1, 3, 384, 4096, 70_000),
    ];
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 8 }), size, (few, dimensions) => {
        const query = Float32Array.from({ length: dimensions }, (_, i) => few[i % few.length]!);
        const { codes, scale, residual, length } = quantiseQuery(query);
        const sum = codes.reduce((total, code) => total + Math.abs(code) * 128, 0);
        expect(sum).toBeLessThan(2 ** 31);
        const left = Math.sqrt(query.reduce((total, x, i) => total + (x - scale * codes[i]!) ** 2, 0));
        expect(Math.abs(left - residual)).toBeLessThanOrEqual(length * 1e-9);
      }),
    );
  });

  it("a query of zeros has codes of zero and no residual", () => {
    expect(quantiseQuery(new Float32Array(3))).toEqual({ codes: new Int16Array(3), scale: 0, residual: 0, length: 0 });
  });
});
