import type { Deadline } from "../run/deadline.js";
import { type Note, note } from "../run/note.js";
import type { Runtime } from "../run/runtime.js";
import { type RequestFailure, retryRequest } from "./retry-request.js";
import type { sleep as realSleep } from "./sleep.js";

/** Options of {@link askService}. */
export interface AskServiceOptions<T> {
  /** One attempt; its errors carry `status` and `headers` where `retryRequest` looks for them. */
  readonly send: () => Promise<T>;
  /** Name of the service, for messages. */
  readonly service: string;
  /** Ends every wait that would outlast it before it begins; attempts follow its signal by themselves. */
  readonly deadline: Deadline;
  /** Attempts after the first. */
  readonly maxRetries: number;
  readonly runtime: Runtime;
  readonly sleep: typeof realSleep;
}

/** What a service answered, or that it was too late for it. */
export interface AskedService<T> {
  /** The answer; undefined when it is late. */
  readonly value?: T | undefined;
  /** Why there is no answer before the deadline, or "" when that simply passed; undefined when there is one. */
  readonly late?: string | undefined;
  readonly notes: readonly Note[];
}

/** Longest wait without a deadline, in milliseconds. */
const longestWait = 60_000;

/**
 * Asks a service, again where that may help; each repetition leaves a note.
 *
 * @throws the reason of the signal that the deadline follows; what the last attempt rejected with
 */
export async function askService<T>(options: AskServiceOptions<T>): Promise<AskedService<T>> {
  const { send, service, deadline, maxRetries, runtime, sleep } = options;
  const notes: Note[] = [];
  const late = new Error();
  const onRetry = (failure: RequestFailure, waitMs: number): void => {
    if (waitMs >= deadline.remainingMs()) {
      late.message = `It would be asked again only in ${Math.ceil(waitMs)} ms: ${failure.message}`;
      throw late;
    }
    const message = `${service} was asked again after ${Math.round(waitMs)} ms: ${failure.message}`;
    notes.push(note("retried", message, { service, waitMs: Math.round(waitMs) }));
  };
  const maxWaitMs = Number.isFinite(deadline.remainingMs()) ? Number.POSITIVE_INFINITY : longestWait;
  try {
    if (deadline.passed()) return { late: "", notes };
    const { signal } = deadline;
    const value = await retryRequest({ send, retries: maxRetries, maxWaitMs, signal, runtime, sleep, onRetry });
    return { value, notes };
  } catch (error) {
    if (error === late) return { late: late.message, notes };
    if (deadline.passed()) return { late: "", notes };
    throw error;
  }
}
