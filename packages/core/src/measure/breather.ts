import { sleep } from "../search/sleep.js";

/**
 * For long arithmetic on the calling thread: counts steps, and lets others run after every `each` of them (about a
 * tenth of a blink for additions).
 */
export function breather(
  signal: AbortSignal | undefined,
  each = 2_000_000,
): (steps: number) => Promise<void> | undefined {
  signal?.throwIfAborted();
  let done = 0;
  return (steps) => {
    done += steps;
    if (done < each) return undefined;
    done = 0;
    return sleep(0, signal);
  };
}
