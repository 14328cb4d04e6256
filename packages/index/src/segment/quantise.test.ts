import fc from "fast-check";
import { expect, it } from "vitest";
import { quantise } from "./quantise.js";

it("quantises by the largest component", () => {
  // the largest is 127/128, so the scale is 1/128, exactly
  const { codes, scales, errors } = quantise([Float32Array.of(127 / 128, -0.5, 0, 0.25 + 1 / 512)], 4, [
    "00".repeat(16),
  ]);
  expect([...codes]).toEqual([127, -64, 0, 32]);
  expect(scales[0]).toBe(1 / 128);
  expect(errors[0]).toBeCloseTo(1 / 512, 6);
});

it("is never further off than the error says, the zero vector included", () => {
  const vector = fc.float32Array({ minLength: 8, maxLength: 8, noNaN: true, noDefaultInfinity: true, min: -1, max: 1 });
  fc.assert(
    fc.property(vector, (values) => {
      const { codes, scales, errors } = quantise([values], 8, ["00".repeat(16)]);
      const distance = Math.hypot(...values.map((value, i) => value - scales[0]! * codes[i]!));
      expect(distance).toBeLessThanOrEqual(errors[0]! + 1e-12);
    }),
  );
});
