import { ClewError } from "@clew/core";

/**
 * Work that is done once for all who wait for it. Who leaves does not stop it for the others; when all have left, it
 * stops, and so does what failed: the next to come begins anew.
 */
export function sharedWork<T>(
  work: (signal: AbortSignal) => Promise<T>,
): (signal: AbortSignal | undefined) => Promise<T> {
  let current: { readonly promise: Promise<T>; readonly leaving: AbortController; waiting: number } | undefined;
  return async (signal) => {
    signal?.throwIfAborted();
    if (current === undefined) {
      const leaving = new AbortController();
      const mine = { promise: work(leaving.signal), leaving, waiting: 0 };
      current = mine;
      mine.promise.catch(() => {
        if (current === mine) current = undefined;
      });
    }
    const joined = current;
    joined.waiting += 1;
    const leave = (): void => {
      joined.waiting -= 1;
      if (joined.waiting > 0) return;
      if (current === joined) current = undefined;
      joined.leaving.abort(new ClewError("closed", "Nobody waits for this any more."));
    };
    signal?.addEventListener("abort", leave, { once: true });
    try {
      return await joined.promise;
    } finally {
      signal?.removeEventListener("abort", leave);
      if (signal?.aborted !== true) joined.waiting -= 1;
    }
  };
}
