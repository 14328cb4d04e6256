/** Runs work in the order in which it was asked for, one piece after the other. */
export interface Queue {
  /** Asked for and not begun. */
  readonly waiting: number;
  readonly running: boolean;
  /** Rejects with the reason of `signal` when that aborts before the work's turn; the work is then never begun. */
  run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

/** Makes a {@link Queue}. */
export function oneAtATime(): Queue {
  const waiting: (() => void)[] = [];
  let running = false;
  const next = (): void => {
    const begin = waiting.shift();
    running = begin !== undefined;
    begin?.();
  };
  const turn = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
      if (!running) {
        running = true;
        resolve();
        return;
      }
      const leave = (): void => {
        waiting.splice(waiting.indexOf(begin), 1);
        reject(signal.reason);
      };
      const begin = (): void => {
        signal.removeEventListener("abort", leave);
        resolve();
      };
      signal.addEventListener("abort", leave, { once: true });
      waiting.push(begin);
    });
  return {
    get waiting() {
      return waiting.length;
    },
    get running() {
      return running;
    },
    run: async (work, signal) => {
      await turn(signal);
      try {
        return await work();
      } finally {
        next();
      }
    },
  };
}
