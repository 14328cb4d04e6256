import { describe, expect, it } from "vitest";
import { raceSignal } from "./race-signal.js";
import { sleep } from "./sleep.js";

const gone = new Error("the caller has gone");

describe("raceSignal", () => {
  it("settles as the promise does", async () => {
    const { signal } = new AbortController();
    expect(await raceSignal(Promise.resolve(1), signal)).toBe(1);
    expect(await raceSignal(Promise.resolve(1), undefined)).toBe(1);
    await expect(raceSignal(Promise.reject(gone), signal)).rejects.toBe(gone);
  });

  it("rejects with the reason as soon as it is aborted; a late failure of the promise is nobody's", async () => {
    const controller = new AbortController();
    let fail: (error: Error) => void = () => {};
    const racing = raceSignal(new Promise((_, reject) => (fail = reject)), controller.signal);
    controller.abort(gone);
    await expect(racing).rejects.toBe(gone);
    fail(new Error("late"));
    await expect(raceSignal(Promise.reject(new Error("other")), controller.signal)).rejects.toBe(gone);
  });

  it("leaves no listener behind", async () => {
    const { signal } = new AbortController();
    let listeners = 0;
    const counting = new Proxy(signal, {
      get: (target, name) => {
        if (name === "addEventListener") return () => listeners++;
        if (name === "removeEventListener") return () => listeners--;
        return Reflect.get(target, name, target) as unknown;
      },
    });
    await raceSignal(Promise.resolve(1), counting);
    await Promise.resolve();
    expect(listeners).toBe(0);
  });
});

describe("sleep", () => {
  it("ends by itself, or with the signal", async () => {
    await sleep(1);
    const controller = new AbortController();
    const sleeping = sleep(60_000, controller.signal);
    controller.abort(gone);
    await expect(sleeping).rejects.toBe(gone);
    await expect(sleep(60_000, controller.signal)).rejects.toBe(gone);
  });
});
