import fc from "fast-check";
import { expect, it } from "vitest";
import { meter } from "../run/meter.js";
import { fixedRuntime } from "../testing/fixed-runtime.js";
import { reserveAnswer } from "./reserve-answer.js";

const prompt = { worst: 1000, likely: 300, estimate: 250 };
const price = { inputPerMillion: 2, outputPerMillion: 8 };
const reserve = (budget: object, fields: object = {}) =>
  reserveAnswer({
    meter: meter({ budget, runtime: fixedRuntime() }),
    price,
    prompt,
    maxTokens: 500,
    minTokens: 64,
    contextTokens: undefined,
    ...fields,
  });

it("shortens the answer to what tokens, money and context leave, or refuses", () => {
  expect(reserve({})).toMatchObject({ maxTokens: 500 });
  expect(reserve({ tokens: 1300 })).toMatchObject({ maxTokens: 300 });
  expect(reserve({ tokens: 1063 })).toEqual({ refused: ["tokens"] });
  // by hand: 1000 x 2 = 2000 millionths for the prompt; 1600 are left for 200 tokens of 8
  expect(reserve({ usd: 0.0036 })).toMatchObject({ maxTokens: 200 });
  expect(reserve({ usd: 0.002 })).toEqual({ refused: ["usd"] });
  expect(reserve({}, { contextTokens: 400 })).toMatchObject({ maxTokens: 100 });
  expect(reserve({}, { contextTokens: 363 })).toEqual({ refused: ["context"] });
  expect(reserve({ calls: 0 })).toEqual({ refused: ["calls"] });
});

it("never sets more aside than there is (property)", () => {
  const amounts = fc.record({ tokens: fc.nat(5000), usd: fc.double({ min: 0, max: 0.02, noNaN: true }) });
  fc.assert(
    fc.property(amounts, fc.double({ min: 0, max: 100, noNaN: true }), (budget, outputPerMillion) => {
      const found = reserve(budget, { price: { inputPerMillion: 2, outputPerMillion } });
      if ("refused" in found) return;
      expect(found.worst.usd).toBeLessThanOrEqual(budget.usd);
      expect(found.worst.inputTokens! + found.worst.outputTokens!).toBeLessThanOrEqual(budget.tokens);
      expect(found.maxTokens).toBeGreaterThanOrEqual(64);
    }),
  );
});
