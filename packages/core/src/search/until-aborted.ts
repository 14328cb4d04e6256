import { raceSignal } from "./race-signal.js";

/** The items of a list; a list that is slow to give the next is left as soon as the signal is aborted, and told so. */
export async function* untilAborted<T>(
  items: AsyncIterable<T> | Iterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T> {
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  let ended = false;
  try {
    for (;;) {
      const next = await raceSignal(Promise.resolve(iterator.next()), signal);
      ended = next.done === true;
      if (next.done) return;
      yield next.value;
    }
  } catch (error) {
    // what breaks off by itself needs no telling; what is left because of the signal does
    ended = signal?.aborted !== true;
    throw error;
  } finally {
    // not awaited: a generator that hangs in its body never answers
    if (!ended) void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}
