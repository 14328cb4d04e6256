import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { circuitBreaker } from "./circuit-breaker.js";

const at = (time: { now: number }, options = {}) =>
  circuitBreaker({ failures: 2, windowMs: 100, pauseMs: 50, ...options, now: () => time.now });

describe("circuitBreaker", () => {
  it("opens at the failures in its window, tries once after the pause, and closes by success", () => {
    const time = { now: 0 };
    const breaker = at(time);
    breaker.pass()!.failed();
    time.now = 101; // the first is out of the window
    breaker.pass()!.failed();
    expect(breaker.state).toBe("closed");
    time.now = 200;
    breaker.pass()!.failed();
    expect([breaker.state, breaker.restMs, breaker.pass()]).toEqual(["open", 50, undefined]);
    time.now = 250;
    expect(breaker.state).toBe("half-open");
    const trial = breaker.pass()!;
    expect(breaker.pass()).toBeUndefined();
    trial.failed();
    expect([breaker.state, breaker.restMs]).toEqual(["open", 50]);
    time.now = 300;
    const again = breaker.pass()!;
    again.abandoned();
    again.failed(); // the first outcome counts
    expect(breaker.state).toBe("half-open");
    breaker.pass()!.succeeded();
    expect(breaker.state).toBe("closed");
    breaker.pass()!.failed();
    expect(breaker.state).toBe("closed");
  });

  it("does not close by what was let through before it opened", () => {
    const time = { now: 0 };
    const breaker = at(time, { failures: 1 });
    const [early, late] = [breaker.pass()!, breaker.pass()!];
    early.failed();
    late.succeeded();
    expect(breaker.state).toBe("open");
  });

  it("never lets two trials through at once, and always lets one through in the end", () => {
    const step = fc.record({ wait: fc.nat(80), outcome: fc.constantFrom("succeeded", "failed", "abandoned") });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 4 }), (steps, failures) => {
        const time = { now: 0 };
        const breaker = at(time, { failures });
        for (const { wait, outcome } of steps) {
          time.now += wait;
          const { state } = breaker;
          const pass = breaker.pass();
          expect(pass === undefined).toBe(state === "open");
          if (state === "half-open") expect(breaker.pass()).toBeUndefined();
          pass?.[outcome as "failed"]();
        }
        time.now += 50;
        expect(breaker.pass()).toBeDefined();
      }),
    );
  });

  it.each([{ failures: 0 }, { windowMs: -1 }, { pauseMs: Number.NaN }])("refuses %j", (options) => {
    expect(() => at({ now: 0 }, options)).toThrowError(expect.objectContaining({ code: "invalid-option" }));
  });
});
