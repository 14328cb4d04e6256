import { ClewError } from "@clew/core";

/** A signal that follows another and also aborts after a time; `clear` frees its timer. */
export interface DeadlineSignal {
  readonly signal: AbortSignal;
  /** True when the time passed before the signal it follows was aborted. */
  readonly passed: () => boolean;
  readonly clear: () => void;
}

/** The longest delay that timers keep. */
const longest = 2 ** 31 - 1;

/**
 * Links a signal with a deadline.
 *
 * @param ms milliseconds from now; Infinity sets none
 */
export function deadlineSignal(signal: AbortSignal | undefined, ms: number): DeadlineSignal {
  const controller = new AbortController();
  let passed = false;
  const follow = (): void => controller.abort(signal?.reason);
  if (signal?.aborted) follow();
  else signal?.addEventListener("abort", follow, { once: true });
  const timer = Number.isFinite(ms)
    ? setTimeout(
        () => {
          if (controller.signal.aborted) return;
          passed = true;
          controller.abort(new ClewError("timed-out", "The time of this run is used up."));
        },
        Math.min(Math.max(0, ms), longest),
      )
    : undefined;
  return {
    signal: controller.signal,
    passed: () => passed,
    clear: () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", follow);
    },
  };
}
