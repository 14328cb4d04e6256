import { note, type PolicyCall, raceSignal } from "@clew/core";
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
  const deadline = run.deadline();
  try {
    return await raceSignal(work(deadline.call), deadline.signal);
  } catch (error) {
    run.signal?.throwIfAborted();
    if (!deadline.passed()) throw error;
    await deadline.missed();
    await run.note(note("budget-reached", `The limit of ms was reached while ${what}.`, { limits: ["ms"] }));
    return otherwise();
  } finally {
    deadline.clear();
  }
}
