import type { Runtime } from "@clew/core";

/** A point in time after which work is no longer wanted. */
export interface Deadline {
  /** Aborted when the time is over, even in the middle of a piece of work; undefined without a deadline. */
  readonly signal: AbortSignal | undefined;
  /** Is the time over, by the clock of the run? */
  passed(): boolean;
  /** Stops the timer. */
  clear(): void;
}

/** Starts a deadline of so many milliseconds from now; none at all for undefined. */
export function deadlineSignal(milliseconds: number | undefined, { now }: Pick<Runtime, "now">): Deadline {
  if (milliseconds === undefined) return { signal: undefined, passed: () => false, clear: () => undefined };
  const end = now() + milliseconds;
  const controller = new AbortController();
  // a timer takes 31 bits of milliseconds; beyond that (25 days) the clock alone decides
  const timer = milliseconds < 2 ** 31 ? setTimeout(() => controller.abort(), milliseconds) : undefined;
  return {
    signal: controller.signal,
    passed: () => controller.signal.aborted || now() >= end,
    clear: () => clearTimeout(timer),
  };
}
