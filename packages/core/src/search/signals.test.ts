import { describe, expect, it } from "vitest";
import { raceSignal } from "./race-signal.js";
import { sleep } from "./sleep.js";
import { untilAborted } from "./until-aborted.js";

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

describe("untilAborted", () => {
  const collect = async (items: AsyncIterable<number>, onItem = (_: number): void => {}): Promise<number[]> => {
    const all: number[] = [];
    for await (const item of items) {
      all.push(item);
      onItem(item);
    }
    return all;
  };

  it("gives every item of lists of both kinds", async () => {
    expect(await collect(untilAborted([1, 2], undefined))).toEqual([1, 2]);
    const { signal } = new AbortController();
    const items = (async function* () {
      yield* [1, 2];
    })();
    expect(await collect(untilAborted(items, signal))).toEqual([1, 2]);
  });

  it("passes on what a list breaks off with", async () => {
    const items = (async function* () {
      yield 1;
      throw gone;
    })();
    await expect(collect(untilAborted(items, undefined))).rejects.toBe(gone);
  });

  it("ends the list when its reader stops early", async () => {
    let ended = false;
    const items = (function* () {
      try {
        yield* [1, 2, 3];
      } finally {
        ended = true;
      }
    })();
    for await (const _ of untilAborted(items, undefined)) break;
    expect(ended).toBe(true);
  });

  it("leaves a list that hangs", async () => {
    const controller = new AbortController();
    const items = (async function* () {
      yield 1;
      await new Promise<never>(() => {});
    })();
    const collecting = collect(untilAborted(items, controller.signal), () => {
      setTimeout(() => controller.abort(gone), 1);
    });
    await expect(collecting).rejects.toBe(gone);
  });
});
