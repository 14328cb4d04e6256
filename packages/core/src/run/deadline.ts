import { ClewError } from "../errors/clew-error.js";
import type { Runtime } from "./runtime.js";

/** A point in time after which work is no longer wanted. */
export interface Deadline {
  /** Aborted when the time is over (reason: ClewError `timed-out`), or with the reason of the signal that it follows. */
  readonly signal: AbortSignal;
  /** Is the time over, and was the signal that it follows not aborted before? */
  passed(): boolean;
  /** Milliseconds that are left by the clock of the run; Infinity when there is no end. */
  remainingMs(): number;
  /** Stops the timer and leaves the signal that it follows. */
  clear(): void;
}

/** Options of {@link startDeadline}. */
export interface StartDeadlineOptions {
  /** Milliseconds from now. @default Infinity: no end */
  ms?: number | undefined;
  /** The caller's. */
  signal?: AbortSignal | undefined;
  runtime: Pick<Runtime, "now">;
}

/** The longest delay that timers keep: beyond it (25 days) the clock alone decides. */
const longest = 2 ** 31 - 1;

/** Starts a deadline. Whoever starts one clears it. */
export function startDeadline({ ms = Number.POSITIVE_INFINITY, signal, runtime }: StartDeadlineOptions): Deadline {
  const end = runtime.now() + ms;
  const controller = new AbortController();
  const follow = (): void => controller.abort(signal?.reason);
  const expire = (): void => controller.abort(new ClewError("timed-out", `The deadline of ${ms} ms has passed.`));
  if (signal?.aborted) follow();
  else signal?.addEventListener("abort", follow, { once: true });
  const timer = ms <= longest ? setTimeout(expire, Math.max(0, ms)) : undefined;
  const remainingMs = (): number => Math.max(0, end - runtime.now());
  return {
    signal: controller.signal,
    passed: () => signal?.aborted !== true && (controller.signal.aborted || remainingMs() === 0),
    remainingMs,
    clear: () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", follow);
    },
  };
}
