import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fixedRuntime } from "../testing/fixed-runtime.js";
import { type RateLimiterOptions, rateLimiter } from "./rate-limiter.js";

const setUp = (limits: Pick<RateLimiterOptions, "requestsPerMinute" | "tokensPerMinute">) => {
  const runtime = fixedRuntime({ now: 0 });
  const sleep = async (ms: number): Promise<void> => runtime.advance(ms);
  return { runtime, limiter: rateLimiter({ ...limits, runtime, sleep }) };
};

describe("rateLimiter", () => {
  it("lets everything pass at once without limits", async () => {
    const { runtime, limiter } = setUp({});
    for (let index = 0; index < 100; index++) await limiter.pass(1000);
    expect(runtime.now()).toBe(0);
  });

  it("waits until enough has left the window", async () => {
    const { runtime, limiter } = setUp({ tokensPerMinute: 100 });
    await limiter.pass(60);
    runtime.advance(10_000);
    await limiter.pass(40);
    await limiter.pass(60); // needs the first 60 to leave, at 60 s
    expect(runtime.now()).toBe(60_000);
    await limiter.pass(41); // needs the 40 to leave, at 70 s, and still has 60: 101 is too much, so the 60 of 60 s too
    expect(runtime.now()).toBe(120_000);
  });

  it("lets a request larger than a minute's worth pass alone", async () => {
    const { runtime, limiter } = setUp({ tokensPerMinute: 10 });
    await limiter.pass(5);
    await limiter.pass(50);
    expect(runtime.now()).toBe(60_000);
    await limiter.pass(1);
    expect(runtime.now()).toBe(120_000);
  });

  it("no window of a minute holds more than the limits (property)", async () => {
    const sizes = fc.array(
      fc.record({ tokens: fc.integer({ min: 1, max: 50 }), pause: fc.integer({ min: 0, max: 40_000 }) }),
    );
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 1, max: 5 }), async (requests, requestsPerMinute) => {
        const { runtime, limiter } = setUp({ requestsPerMinute, tokensPerMinute: 50 });
        const passed: { at: number; tokens: number }[] = [];
        for (const { tokens, pause } of requests) {
          runtime.advance(pause);
          await limiter.pass(tokens);
          passed.push({ at: runtime.now(), tokens });
        }
        for (const { at } of passed) {
          const window = passed.filter((request) => request.at > at - 60_000 && request.at <= at);
          expect(window.length).toBeLessThanOrEqual(requestsPerMinute);
          expect(window.reduce((sum, { tokens }) => sum + tokens, 0)).toBeLessThanOrEqual(50);
        }
      }),
    );
  });

  it("an aborted wait does not hold the others up", async () => {
    const { limiter } = setUp({ requestsPerMinute: 1 });
    await limiter.pass(1);
    await expect(limiter.pass(1, AbortSignal.abort(new Error("gone")))).rejects.toThrow("gone");
    await limiter.pass(1);
  });

  it("refuses limits that make no sense", () => {
    expect(() => setUp({ requestsPerMinute: 0 })).toThrow(/requestsPerMinute/);
    expect(() => setUp({ tokensPerMinute: Number.NaN })).toThrow(/tokensPerMinute/);
  });
});
