import { note, type PolicyCall, raceSignal, startDeadline } from "@clew/core";
import type { Run } from "./run.js";

/** What is to be done within the time of a run. */
export interface InTimeOptions<T> {
  /** What it is, for the note: "the plan was made". */
  readonly what: string;
  /** Is given up when the time is over, whether it listens to its signal or not. */
  readonly work: (call: PolicyCall) => Promise<T>;
  /** Takes its place then. */
  readonly otherwise: () => Promise<T> | T;
}

/**
 * Does something within what is left of a run's time.
 *
 * @throws what the work rejects with before the time is over; the run's own signal's reason
 */
export async function inTime<T>(run: Run, { what, work, otherwise }: InTimeOptions<T>): Promise<T> {
  const { signal, passed, clear } = startDeadline({
    ms: run.meter.remaining("ms"),
    signal: run.signal,
    runtime: run.call.runtime,
  });
  try {
    return await raceSignal(work({ ...run.call, signal, config: { ...run.call.config, signal } }), signal);
  } catch (error) {
    run.signal?.throwIfAborted();
    if (!passed()) throw error;
    await settled();
    await run.note(note("budget-reached", `The limit of ms was reached while ${what}.`, { limits: ["ms"] }));
    return otherwise();
  } finally {
    clear();
  }
}

/** Lets calls that hear of the end of their time count what they spent. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
