const longestMs = 12;

/** Lets long work give way: `pace()` returns to the event loop when the last time is a while ago. */
export interface Pacer {
  /** @throws the signal's reason when it is aborted */
  pace(): Promise<void> | undefined;
}

/** Makes a {@link Pacer}; the clock decides only when to pause, never what comes out. */
export function pacer(signal?: AbortSignal): Pacer {
  let since = performance.now();
  return {
    pace: () => {
      if (performance.now() - since < longestMs) return undefined;
      return new Promise((resolve, reject) =>
        setImmediate(() => {
          since = performance.now();
          if (signal?.aborted) reject(signal.reason);
          else resolve();
        }),
      );
    },
  };
}
