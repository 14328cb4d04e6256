import { expect, it } from "vitest";
import { checkPrices, priceOf, usdOf } from "./prices.js";

const price = { inputPerMillion: 2, outputPerMillion: 8, cachedInputPerMillion: 0.5, perRequest: 0.001 };

it("makes money of tokens", () => {
  // by hand: (1000 - 400) x 2 + 400 x 0.5 + 250 x 8 = 3400 millionths, and two requests
  const spent = { inputTokens: 1000, cachedInputTokens: 400, outputTokens: 250, calls: 2 };
  expect(usdOf(price, spent)).toBeCloseTo(0.0054, 12);
  expect(usdOf({ inputPerMillion: 2, outputPerMillion: 8 }, spent)).toBeCloseTo(0.004, 12);
  expect(usdOf(undefined, spent)).toBe(0);
  expect(usdOf({ inputPerMillion: 0, outputPerMillion: 0 }, spent)).toBe(0);
});

it("knows no price by inheritance", () => {
  expect(priceOf({ x: price }, "constructor")).toBeUndefined();
  expect(priceOf({ x: price }, "x")).toBe(price);
});

it.each([null, {}, { inputPerMillion: 1 }, { ...price, perRequest: Number.NaN }, { ...price, perMillion: 1 }])(
  "refuses %j",
  (wrong) => {
    const check = () => checkPrices({ x: wrong as unknown as typeof price });
    expect(check).toThrowError(expect.objectContaining({ code: "invalid-option" }));
  },
);
