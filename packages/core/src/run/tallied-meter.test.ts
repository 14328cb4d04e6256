import { expect, it } from "vitest";
import { fixedRuntime } from "../testing/fixed-runtime.js";
import { meter } from "./meter.js";
import { talliedMeter } from "./tallied-meter.js";
import { noUsage } from "./usage.js";

const whole = () => meter({ budget: { tokens: 100 }, runtime: fixedRuntime() });

it("charges what a search reports and its stages did not charge", () => {
  const run = whole();
  const { meter: own, chargeRest } = talliedMeter(run);
  own.charge({ inputTokens: 10, calls: 1 });
  const reservation = own.reserve({ inputTokens: 50 });
  if (!("refused" in reservation)) reservation.settle({ inputTokens: 20, calls: 1 });
  // 45 reported, 30 charged: 15 are missing; 2 calls reported, 2 charged
  chargeRest({ ...noUsage, inputTokens: 45, calls: 2 });
  expect(run.usage).toEqual({ inputTokens: 45, outputTokens: 0, calls: 2, usd: 0 });
});

it("leaves the meter alone when everything was charged, or more", () => {
  const run = whole();
  const { meter: own, chargeRest } = talliedMeter(run);
  own.charge({ inputTokens: 10 });
  const before = run.usage;
  chargeRest({ ...noUsage, inputTokens: 5 });
  expect(run.usage).toBe(before);
});

it("answers like the meter below", () => {
  const run = whole();
  const { meter: own } = talliedMeter(run);
  own.hop();
  const released = own.reserve({ inputTokens: 60 });
  expect(own.reserve({ inputTokens: 60 })).toEqual({ refused: ["tokens"] });
  if (!("refused" in released)) released.release();
  expect([own.remaining("tokens"), own.hops, own.reached(), own.budget]).toEqual([100, 1, [], { tokens: 100 }]);
  expect(own.toJSON()).toEqual(run.toJSON());
});
