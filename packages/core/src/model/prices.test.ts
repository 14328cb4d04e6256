import { expect, it } from "vitest";
import { checkPrices, priceOf, priceOfServed, usdOf } from "./prices.js";

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

it.each<[served: string, named: string | undefined]>([
  ["vllm:my-lora on org/base@0a1b", "my-lora"],
  ["vllm:org/base@0a1b", "org/base"],
  ["ollama:llama3:8b@f1e2", "llama3:8b"],
  ["my-lora", "my-lora"],
  ["tgi:known@rev2", "tgi:known"],
  ["vllm:exact on base@2", "vllm:exact on base@2"],
  // a base's price is not that of its adapter, and no name is found by a part of it
  ["vllm:other on org/base@0a1b", undefined],
  ["vllm:my-lora-2", undefined],
])("finds the price of %s by %s", (served, named) => {
  const names = ["my-lora", "org/base", "llama3:8b", "tgi:known", "known", "vllm:exact on base@2", "exact"];
  const prices = Object.fromEntries(names.map((name, at) => [name, { ...price, inputPerMillion: at }]));
  expect(priceOfServed(prices, served)).toBe(named === undefined ? undefined : prices[named]);
  expect(priceOfServed(undefined, served)).toBeUndefined();
});

it.each([null, {}, { inputPerMillion: 1 }, { ...price, perRequest: Number.NaN }, { ...price, perMillion: 1 }])(
  "refuses %j",
  (wrong) => {
    const check = () => checkPrices({ x: wrong as unknown as typeof price });
    expect(check).toThrowError(expect.objectContaining({ code: "invalid-option" }));
  },
);
