import { setImmediate as nextTurn } from "node:timers/promises";

/**
 * Lets timers, requests and other work run, then goes on.
 *
 * @throws the signal's reason when it is aborted
 */
export async function breathe(signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await nextTurn();
  signal?.throwIfAborted();
}
