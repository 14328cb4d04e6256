import { raceSignal } from "@clew/core";

/**
 * Hands each item of a list to `work`, in order. When `work` fails, or the signal is aborted, the list is closed and
 * what still runs comes to its end before the error is thrown.
 *
 * @returns the failure of the list itself, if it broke off
 * @throws what `work` threw; the signal's reason, without waiting for a list that does not answer
 */
export async function eachItem<T>(
  items: AsyncIterable<T> | Iterable<T>,
  work: (item: T) => Promise<void>,
  standStill: () => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<{ readonly error: unknown } | undefined> {
  const iterator: AsyncIterator<T> | Iterator<T> =
    Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  for (;;) {
    let step: IteratorResult<T>;
    try {
      step = await raceSignal(Promise.resolve(iterator.next()), signal);
    } catch (error) {
      if (!signal?.aborted) return { error };
      await leave(iterator, false);
      await standStill();
      throw signal.reason;
    }
    if (step.done) return undefined;
    try {
      await work(step.value);
    } catch (error) {
      await leave(iterator, !signal?.aborted);
      await standStill();
      throw error;
    }
  }
}

/** Closes the list; as with `break`, a failure to close does not replace the error that led here. */
async function leave(iterator: AsyncIterator<unknown> | Iterator<unknown>, wait: boolean): Promise<void> {
  const closing = Promise.resolve()
    .then(() => iterator.return?.())
    .catch(() => undefined); // see above
  if (wait) await closing;
}
