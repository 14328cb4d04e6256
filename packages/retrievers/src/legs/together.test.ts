import { describe, expect, it } from "vitest";
import { deadline } from "./deadline.js";
import { together } from "./together.js";

const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));

describe("together", () => {
  it("aborts what was started when the work fails, and waits for its end", async () => {
    const broken = new Error("it broke");
    const ended: unknown[] = [];
    const work = together(undefined, async ({ signal, start }) => {
      void start(untilAborted(signal).catch(async (reason: unknown) => void ended.push(await reason)));
      throw broken;
    });
    await expect(work).rejects.toBe(broken);
    expect(ended).toEqual([broken]);
  });

  it("hands on the caller's abort", async () => {
    const gone = new Error("the caller has gone");
    const controller = new AbortController();
    const work = together(controller.signal, ({ signal, start }) => start(untilAborted(signal)));
    controller.abort(gone);
    await expect(work).rejects.toBe(gone);
  });

  it("gives what the work gives", async () => {
    expect(await together(undefined, ({ start }) => start(Promise.resolve(3)))).toBe(3);
  });
});

describe("deadline", () => {
  it("aborts when its time has passed, unless it was cleared; without one there is none", async () => {
    const { signal } = deadline(0);
    await expect(untilAborted(signal!)).rejects.toMatchObject({ name: "TimeoutError" });
    const cleared = deadline(0);
    cleared.clear();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(cleared.signal!.aborted).toBe(false);
    expect(deadline(undefined).signal).toBeUndefined();
  });
});
