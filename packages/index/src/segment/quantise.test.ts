import fc from "fast-check";
import { expect, it } from "vitest";
import { quantise } from "./quantise.js";

it("quantises by the largest component", () => {
  // scale 1/127: −0.5 · 127 = −63.5 rounds up to −63; 0.25 · 127 = 31.75 to 32
  const { codes, scales } = quantise([Float32Array.of(1, -0.5, 0, 0.25)], 4, ["00".repeat(16)]);
  expect([...codes]).toEqual([127, -63, 0, 32]);
  expect(scales[0]).toBeCloseTo(1 / 127, 9);
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
