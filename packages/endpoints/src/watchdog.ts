/** Tells when something has been silent for too long. */
export interface Watchdog {
  /** Aborted, with the error given, once the silence is too long. */
  readonly signal: AbortSignal;
  /** There was a sign of life: the time begins anew. */
  touch(): void;
  /** Silence does not count until the next sign of life: it is the reader who takes its time. */
  pause(): void;
  /** Stops the timer for good. */
  clear(): void;
}

/** Options of {@link watchdog}. */
export interface WatchdogOptions {
  /** Longest silence, in milliseconds. */
  ms: number;
  /** The reason of its signal. */
  reason: () => Error;
}

/** Makes a {@link Watchdog}; its time begins at once. */
export function watchdog({ ms, reason }: WatchdogOptions): Watchdog {
  const controller = new AbortController();
  const bark = (): void => controller.abort(reason());
  let timer = setTimeout(bark, ms);
  let cleared = false;
  return {
    signal: controller.signal,
    touch: () => {
      clearTimeout(timer);
      if (!cleared) timer = setTimeout(bark, ms);
    },
    pause: () => clearTimeout(timer),
    clear: () => {
      cleared = true;
      clearTimeout(timer);
    },
  };
}
