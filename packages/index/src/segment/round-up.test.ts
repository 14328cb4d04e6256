import fc from "fast-check";
import { expect, it } from "vitest";
import { roundUp } from "./round-up.js";

it("is the next 32-bit float upwards", () => {
  expect(roundUp(0)).toBe(0);
  expect(roundUp(1)).toBe(1);
  expect(roundUp(1 + 2 ** -40)).toBe(1 + 2 ** -23);
  expect(roundUp(1e-300)).toBe(2 ** -149);
  expect(roundUp(1e300)).toBe(Number.POSITIVE_INFINITY);
});

it("is never below, and no 32-bit float lies between", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }), (value) => {
      const up = roundUp(value);
      expect(up).toBeGreaterThanOrEqual(value);
      expect(Math.fround(up)).toBe(up);
      if (Math.fround(value) >= value) expect(up).toBe(Math.fround(value));
    }),
  );
});
