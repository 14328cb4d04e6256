import type { Pacer } from "./pacer.js";

/** Runs work that yields between its steps to its end, giving way to the event loop. @throws what it throws; the pacer's signal's reason */
export async function runPaced<T>(work: Generator<void, T>, pace: Pacer): Promise<T> {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    await pace.pace();
  }
}
