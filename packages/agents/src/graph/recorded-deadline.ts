import { ClewError, type Deadline } from "@clew/core";

/** Turns of the event loop without a step after which a replay no longer waits for the next one. */
const idleTurns = 1000;

/** A deadline without a clock. */
export interface RecordedDeadline extends Pick<Deadline, "signal" | "passed" | "clear"> {
  /** Hears how many steps were made. */
  reached(steps: number): void;
}

/**
 * The deadline of a replay: it passes after so many steps, or never. Work that stands still before (the record has no
 * more for it) is ended too: what it lacks then shows in the record of the replay.
 */
export function recordedDeadline(after: number | undefined, signal: AbortSignal | undefined): RecordedDeadline {
  const controller = new AbortController();
  const follow = (): void => controller.abort(signal?.reason);
  const expire = (): void => controller.abort(new ClewError("timed-out", "The time of the recorded run was over."));
  if (signal?.aborted) follow();
  else signal?.addEventListener("abort", follow, { once: true });
  let made = 0;
  let cleared = false;
  const watch = (seen: number, idle: number): void => {
    setImmediate(() => {
      if (cleared || controller.signal.aborted) return;
      if (made !== seen) watch(made, 0);
      else if (idle < idleTurns) watch(seen, idle + 1);
      else expire();
    });
  };
  if (after === 0) expire();
  else if (after !== undefined) watch(0, 0);
  return {
    signal: controller.signal,
    passed: () => signal?.aborted !== true && controller.signal.aborted,
    clear: () => {
      cleared = true;
      signal?.removeEventListener("abort", follow);
    },
    reached: (steps) => {
      made = steps;
      if (steps === after) expire();
    },
  };
}
