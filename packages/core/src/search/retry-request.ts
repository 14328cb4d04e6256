import type { Runtime } from "../run/runtime.js";
import { raceSignal } from "./race-signal.js";
import type { sleep as realSleep } from "./sleep.js";

/** Options of {@link retryRequest}. */
export interface RetryRequestOptions {
  /** Sends the request; what it rejects with is looked at for a status and a Retry-After. */
  send: () => Promise<unknown>;
  /** Most repetitions. */
  retries: number;
  /** Longest wait before one repetition, in milliseconds; a service that asks for more has refused. */
  maxWaitMs: number;
  signal?: AbortSignal | undefined;
  runtime: Runtime;
  sleep: typeof realSleep;
  /** Has the last word on a repetition that would be made. @default it is made */
  mayRepeat?: ((failure: RequestFailure, waitMs: number) => boolean) | undefined;
  /** Called before each repetition. */
  onRetry: (failure: RequestFailure, waitMs: number) => void;
}

/** What is known of a failed request. */
export interface RequestFailure {
  /** HTTP status; undefined when no answer came. */
  readonly status: number | undefined;
  /** Milliseconds that the service asks to wait. */
  readonly retryAfterMs: number | undefined;
  readonly message: string;
}

const firstBackoffMs = 500;
const transient = new Set([408, 409, 425, 429]);
const unreachable = /fetch failed|network|socket|timed? ?out|connection|ECONN|EPIPE|EAI_AGAIN|ETIMEDOUT|ENETUNREACH/i;

/**
 * Sends a request again when the failure may pass: 408, 409, 425, 429, 5xx, or no answer at all. It waits as long as
 * Retry-After says, else for exponentially growing times with jitter.
 *
 * @throws what the last attempt rejected with, or the signal's reason
 */
export async function retryRequest<T>({
  send,
  retries,
  maxWaitMs,
  signal,
  runtime,
  sleep,
  mayRepeat = () => true,
  onRetry,
}: Omit<RetryRequestOptions, "send"> & { send: () => Promise<T> }): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    signal?.throwIfAborted();
    try {
      return await raceSignal(send(), signal);
    } catch (error) {
      signal?.throwIfAborted();
      const failure = requestFailure(error, runtime);
      const waitMs = failure.retryAfterMs ?? firstBackoffMs * 2 ** attempt * (0.5 + runtime.random() / 2);
      if (attempt >= retries || !mayPass(failure) || waitMs > maxWaitMs || !mayRepeat(failure, waitMs)) throw error;
      onRetry(failure, waitMs);
      await sleep(waitMs, signal);
    }
  }
}

/** True for a failure after which the same request may succeed: 408, 409, 425, 429, 5xx, or no answer at all. */
export const mayPass = ({ status, message }: Pick<RequestFailure, "status" | "message">): boolean =>
  status === undefined ? unreachable.test(message) : status >= 500 || transient.has(status);

/** Reads status and Retry-After from the error of whatever client: `fetch` wrappers, axios, the SDKs of providers. */
export function requestFailure(error: unknown, runtime: Pick<Runtime, "now">): RequestFailure {
  const { status, statusCode, response, headers, message, cause } = fieldsOf(error);
  const answer = fieldsOf(response);
  const found = [status, statusCode, answer.status].find((value) => typeof value === "number");
  const reasons = [
    error instanceof Error ? error.message : message,
    fieldsOf(cause).message,
    fieldsOf(cause).code,
    fieldsOf(error).code,
  ];
  return {
    status: found as number | undefined,
    retryAfterMs: retryAfter(headers, runtime) ?? retryAfter(answer.headers, runtime),
    message: reasons.filter((reason) => typeof reason === "string" && reason !== "").join(": "),
  };
}

/** @see RFC 9110, section 10.2.3: seconds, or a date */
function retryAfter(headers: unknown, runtime: Pick<Runtime, "now">): number | undefined {
  const read = (name: string): string | undefined => {
    const value: unknown = headers instanceof Headers ? headers.get(name) : fieldsOf(headers)[name];
    return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
  };
  const exact = Number(read("retry-after-ms") ?? Number.NaN);
  if (exact >= 0) return exact;
  const value = read("retry-after");
  if (value === undefined || value.trim() === "") return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - runtime.now());
}

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
