import { seededRandom } from "../measure/seeded-random.js";
import type { Runtime } from "../run/runtime.js";
import { contentHash } from "../text/content-hash.js";

/** A {@link Runtime} whose time stands still until it is moved. */
export interface FixedRuntime extends Runtime {
  /** Moves the clock on, in milliseconds. */
  advance(ms: number): void;
  /** Moves the clock on and does not wait. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
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
  let salts = 0;
  const random = seededRandom(seed);
  return {
    now: () => {
      const at = time;
      time += tick;
      return at;
    },
    id: () => `id-${++ids}`,
    random,
    salt: () => contentHash(`salt ${seed} ${++salts}`),
    advance: (ms) => {
      time += ms;
    },
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      time += ms;
    },
  };
}
