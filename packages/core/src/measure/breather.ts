import { sleep } from "../search/sleep.js";

/**
 * For long arithmetic on the calling thread: counts steps, and lets others run after every `each` of them. The default
 * suits additions and draws, of which half a million take a few milliseconds.
 */
export function breather(
  signal: AbortSignal | undefined,
  each = 500_000,
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
