import type { Runtime } from "../run/runtime.js";

/** A {@link Runtime} whose time stands still until it is moved. */
export interface FixedRuntime extends Runtime {
  /** Moves the clock on, in milliseconds. */
  advance(ms: number): void;
}

/** Options of {@link fixedRuntime}. */
export interface FixedRuntimeOptions {
  /** First time, in milliseconds since 1970. @default 2023-11-14T22:13:20Z */
  now?: number | undefined;
  /** Milliseconds by which each look at the clock moves it. @default 0 */
  tick?: number | undefined;
  /** Seed of the random numbers. @default 1 */
  seed?: number | undefined;
}

/** Time, ids (`id-1`, `id-2`, …) and chance that are the same on every run. */
export function fixedRuntime({ now = 1_700_000_000_000, tick = 0, seed = 1 }: FixedRuntimeOptions = {}): FixedRuntime {
  let time = now;
  let ids = 0;
  const random = seededRandom(seed);
  return {
    now: () => {
      const at = time;
      time += tick;
      return at;
    },
    id: () => `id-${++ids}`,
    random,
    advance: (ms) => {
      time += ms;
    },
  };
}

/**
 * Numbers in [0, 1), the same for the same seed.
 *
 * @see Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014 (mulberry32 is its 32-bit kin)
 */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
