import { expect, it } from "vitest";
import { startDeadline } from "./deadline.js";

it("passes by the clock that it was given", () => {
  let time = 1_000;
  const deadline = startDeadline({ ms: 60_000, runtime: { now: () => time } });
  expect([deadline.passed(), deadline.remainingMs()]).toEqual([false, 60_000]);
  time = 60_999;
  expect([deadline.passed(), deadline.remainingMs()]).toEqual([false, 1]);
  time = 61_000;
  expect([deadline.passed(), deadline.remainingMs()]).toEqual([true, 0]);
  deadline.clear();
  expect(deadline.signal.aborted).toBe(false);
});

it("0 milliseconds have passed at once; none at all never", () => {
  const none = startDeadline({ ms: 0, runtime: { now: () => 5 } });
  expect(none.passed()).toBe(true);
  none.clear();
  const endless = startDeadline({ runtime: { now: () => 5 } });
  expect([endless.passed(), endless.remainingMs()]).toEqual([false, Number.POSITIVE_INFINITY]);
  endless.clear();
});

it("a deadline beyond a timer's reach leaves the clock", () => {
  const deadline = startDeadline({ ms: 2 ** 40, runtime: { now: () => 0 } });
  expect(deadline.passed()).toBe(false);
  deadline.clear();
});

it("aborts by its timer while something else is waited for", async () => {
  const deadline = startDeadline({ ms: 1, runtime: { now: () => 0 } });
  await new Promise((resolve) => deadline.signal.addEventListener("abort", resolve));
  expect(deadline.passed()).toBe(true);
  expect(deadline.signal.reason).toMatchObject({ code: "timed-out" });
});

it("follows a signal, and has not passed when that was aborted first", () => {
  const outer = new AbortController();
  const deadline = startDeadline({ ms: 60_000, signal: outer.signal, runtime: { now: () => 0 } });
  outer.abort("gone");
  expect([deadline.signal.reason, deadline.passed()]).toEqual(["gone", false]);
  deadline.clear();
  const late = startDeadline({ signal: outer.signal, runtime: { now: () => 0 } });
  expect(late.signal.reason).toBe("gone");
});

it("stops its timer and leaves the signal when it is cleared", async () => {
  const outer = new AbortController();
  const deadline = startDeadline({ ms: 0, signal: outer.signal, runtime: { now: () => -1 } });
  deadline.clear();
  outer.abort("gone");
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(deadline.signal.aborted).toBe(false);
});
