/**
 * Settles as the promise does, or rejects with the signal's reason as soon as it is aborted. The promise itself must
 * have been given the signal too: this only frees the caller from a callee that is slow to notice.
 */
export function raceSignal<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) {
      promise.catch(() => undefined); // its failure is the abort's, already reported
      abort();
      return;
    }
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
