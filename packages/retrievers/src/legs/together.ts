/** What {@link together} hands to its work. */
export interface Together {
  /** Aborted with the caller's signal, and when the work fails. */
  readonly signal: AbortSignal;
  /** Remembers a promise that was started under the signal, and returns it. */
  start<T>(started: Promise<T>): Promise<T>;
}

/**
 * Runs work that starts several things under one signal. When it fails, the others are aborted, and nothing runs on
 * after it.
 *
 * @throws what the work throws, or the signal's reason
 */
export async function together<T>(
  signal: AbortSignal | undefined,
  work: (together: Together) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const linked = signal === undefined ? controller.signal : AbortSignal.any([signal, controller.signal]);
  const all: Promise<unknown>[] = [];
  const start = <S>(started: Promise<S>): Promise<S> => {
    started.catch(() => undefined); // whoever awaits it hears of its failure
    all.push(started);
    return started;
  };
  try {
    return await work({ signal: linked, start });
  } catch (error) {
    controller.abort(error);
    await Promise.allSettled(all);
    throw error;
  }
}
