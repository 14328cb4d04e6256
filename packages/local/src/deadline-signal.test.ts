import { expect, it } from "vitest";
import { deadlineSignal } from "./deadline-signal.js";

it("passes by the clock that it was given", () => {
  let time = 1_000;
  const deadline = deadlineSignal(60_000, { now: () => time });
  expect(deadline.passed()).toBe(false);
  time = 60_999;
  expect(deadline.passed()).toBe(false);
  time = 61_000;
  expect(deadline.passed()).toBe(true);
  deadline.clear();
  expect(deadline.signal?.aborted).toBe(false);
});

it("0 milliseconds have passed at once; none at all never", () => {
  const none = deadlineSignal(0, { now: () => 5 });
  expect(none.passed()).toBe(true);
  none.clear();
  expect(deadlineSignal(undefined, { now: () => 5 }).passed()).toBe(false);
});

it("a deadline beyond a timer's reach leaves the clock", () => {
  const deadline = deadlineSignal(2 ** 40, { now: () => 0 });
  expect(deadline.passed()).toBe(false);
  deadline.clear();
});

it("aborts by its timer while something else is waited for", async () => {
  const deadline = deadlineSignal(1, { now: () => 0 });
  await new Promise((resolve) => deadline.signal?.addEventListener("abort", resolve));
  expect(deadline.passed()).toBe(true);
});
