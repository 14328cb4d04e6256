/** What {@link SharedRuns.run} gives. */
export interface SharedRun<T> {
  /** What the run gave; rejects with the caller's reason as soon as the caller leaves. */
  readonly result: Promise<T>;
  /** Whether the run had begun before, for another caller. */
  readonly joined: boolean;
}

/** Lets callers who ask the same at once share one run. */
export interface SharedRuns<T> {
  /** @param work must honour its signal, which is aborted when the last caller has left */
  run(key: string, signal: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): SharedRun<T>;
}

interface Flight<T> {
  readonly controller: AbortController;
  readonly landing: Promise<T>;
  callers: number;
}

/** Makes a {@link SharedRuns}: a caller who leaves ends a run only as the last of those who wait for it. */
export function sharedRuns<T>(): SharedRuns<T> {
  const flights = new Map<string, Flight<T>>();

  const begin = (key: string, work: (signal: AbortSignal) => Promise<T>): Flight<T> => {
    const controller = new AbortController();
    // a turn later, so that the first caller listens for its signal before anything runs
    const landing = Promise.resolve()
      .then(() => work(controller.signal))
      .finally(() => {
        if (flights.get(key)?.controller === controller) flights.delete(key);
      });
    landing.catch(() => undefined); // each caller hears of it
    const flight = { controller, landing, callers: 0 };
    flights.set(key, flight);
    return flight;
  };

  const wait = (key: string, flight: Flight<T>, signal: AbortSignal | undefined): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      const abort = (): void => {
        flight.callers -= 1;
        if (flight.callers === 0) {
          if (flights.get(key) === flight) flights.delete(key);
          flight.controller.abort(signal?.reason);
        }
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", abort, { once: true });
      flight.landing.then(resolve, reject).finally(() => signal?.removeEventListener("abort", abort));
    });

  return {
    run: (key, signal, work) => {
      if (signal?.aborted === true) return { result: Promise.reject(signal.reason), joined: false };
      const running = flights.get(key);
      const flight = running ?? begin(key, work);
      flight.callers += 1;
      return { result: wait(key, flight, signal), joined: running !== undefined };
    },
  };
}
