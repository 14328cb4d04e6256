import { type Note, note, type Runtime, type sleep as realSleep, requestFailure, retryRequest } from "@clew/core";

/** Options of {@link untilFirstToken}. */
export interface UntilFirstTokenOptions<T> {
  /** One request, up to the first token of its answer. */
  readonly send: () => Promise<T>;
  /** Name of the model, for notes. */
  readonly name: string;
  readonly maxRetries: number;
  readonly coldStartMs: number;
  readonly signal: AbortSignal | undefined;
  readonly runtime: Runtime;
  readonly sleep: typeof realSleep;
}

/** An answer, and what it took. */
export interface Repeated<T> {
  readonly value: T;
  readonly notes: readonly Note[];
  readonly requests: number;
}

const longestWait = 60_000;
/** Longest wait between two looks at an endpoint that wakes up, in milliseconds. */
const lookMs = 2000;

/** Repeats what fails before the first token, and waits for an endpoint that wakes up. */
export async function untilFirstToken<T>(options: UntilFirstTokenOptions<T>): Promise<Repeated<T>> {
  const { send, name, maxRetries, coldStartMs, signal, runtime, sleep } = options;
  const notes: Note[] = [];
  const begun = runtime.now();
  let requests = 0;
  const awake = async (): Promise<T> => {
    for (let looks = 1; ; looks++) {
      requests += 1;
      try {
        const value = await send();
        if (looks > 1) {
          const ms = Math.round(runtime.now() - begun);
          notes.push(note("x-cold-start", `${name} took ${ms} ms to wake up.`, { served: name, ms, looks }));
        }
        return value;
      } catch (error) {
        signal?.throwIfAborted();
        const left = begun + coldStartMs - runtime.now();
        const { status, retryAfterMs } = requestFailure(error, runtime);
        if (left <= 0 || !isAsleep(error, status)) throw error;
        await sleep(Math.min(left, retryAfterMs ?? lookMs), signal);
      }
    }
  };
  const value = await retryRequest({
    send: awake,
    retries: maxRetries,
    maxWaitMs: longestWait,
    ...{ signal, runtime, sleep },
    onRetry: ({ message }, waitMs) => {
      notes.push(
        note("retried", `${name} was asked again after ${Math.round(waitMs)} ms: ${message}`, {
          served: name,
          waitMs: Math.round(waitMs),
        }),
      );
    },
  });
  return { value, notes, requests };
}

const isAsleep = (error: unknown, status: number | undefined): boolean =>
  status === 502 ||
  status === 503 ||
  (status === 429 && ((error as { cause?: Error }).cause?.name ?? "") === "ModelNotReadyException");
