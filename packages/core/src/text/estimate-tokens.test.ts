import fc from "fast-check";
import { expect, it } from "vitest";
import { estimateTokens } from "./estimate-tokens.js";

it.each([
  ["", 0],
  [" \n", 0],
  ["The house.", 3],
  ["internationalisation", 4],
  ["1577", 2],
  ["東京", 2],
  ["слово", 2],
])("estimates %j", (text, tokens) => {
  expect(estimateTokens(text)).toBe(tokens);
});

it("never exceeds the sum over the pieces", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (a, b) => {
      expect(estimateTokens(a + b)).toBeLessThanOrEqual(estimateTokens(a) + estimateTokens(b));
    }),
  );
});
