import {
  ClewError,
  type Deadline,
  mayPass,
  type Note,
  note,
  type RequestFailure,
  type Runtime,
  type sleep as realSleep,
  requestFailure,
  retryRequest,
} from "@clew/core";

/** Options of {@link postJson}. */
export interface PostJsonOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** Name of the service, for messages. */
  readonly service: string;
  /** Ends the attempt that is open, and every wait that would outlast it before it begins. */
  readonly deadline: Deadline;
  /** Milliseconds for one attempt. */
  readonly timeoutMs: number;
  /** Attempts after the first. */
  readonly maxRetries: number;
  /** The key, taken out of what the service says before it enters a message. */
  readonly secret?: string | undefined;
  readonly fetch: typeof fetch;
  readonly runtime: Runtime;
  readonly sleep: typeof realSleep;
}

/** What a service answered, or that it was too late for it. */
export interface PostedJson {
  /** The answer; undefined when it is late. */
  readonly body?: unknown;
  /** Why there is no answer before the deadline, or "" when that simply passed; undefined when there is one. */
  readonly late?: string | undefined;
  readonly notes: readonly Note[];
}

/** Longest wait without a deadline, in milliseconds. */
const longestWait = 60_000;

/**
 * Posts JSON and reads JSON, again where that may help; each repetition leaves a note.
 *
 * @throws the reason of the signal that the deadline follows; ClewError `service-refused` for other 4xx, `timed-out`,
 *   `reranker-failed`. No message holds a header or a key.
 */
export async function postJson(options: PostJsonOptions): Promise<PostedJson> {
  const { service, deadline, maxRetries, runtime, sleep } = options;
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
    const text = await retryRequest({
      send: () => once(options),
      retries: maxRetries,
      maxWaitMs,
      signal: deadline.signal,
      runtime,
      sleep,
      onRetry,
    });
    return { body: parsed(text, service), notes };
  } catch (error) {
    if (error === late) return { late: late.message, notes };
    if (deadline.passed()) return { late: "", notes };
    throw error;
  }
}

/** One attempt. Its errors carry `status` and `headers` where {@link retryRequest} looks for them. */
async function once(options: PostJsonOptions): Promise<string> {
  const { url, headers, body, service, deadline, timeoutMs, secret, fetch, runtime } = options;
  const timeout = AbortSignal.timeout(timeoutMs);
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json", ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.any([deadline.signal, timeout]),
    });
    text = await response.text();
  } catch (cause) {
    deadline.signal.throwIfAborted();
    if (timeout.aborted) {
      throw new ClewError("timed-out", `${service} timed out: no answer within ${timeoutMs} ms.`, { cause });
    }
    throw new ClewError("reranker-failed", `The connection to ${service} was not made, or broke off.`, { cause });
  }
  if (response.ok) return text;
  const { status } = response;
  const told = secret === undefined ? text : text.replaceAll(secret, "…");
  const detail = told.replace(/\s+/g, " ").slice(0, 200);
  const hint = status === 401 || status === 403 ? " Check the key and what it is allowed to do." : "";
  const { retryAfterMs } = requestFailure(response, runtime);
  const later = retryAfterMs === undefined ? "" : ` It asks to wait ${Math.ceil(retryAfterMs / 1000)} s.`;
  const message = `${service} answered with status ${status}: ${detail}${hint}${later}`;
  const code = mayPass({ status, message }) ? "reranker-failed" : "service-refused";
  throw Object.assign(new ClewError(code, message), {
    status,
    headers: retryAfterMs === undefined ? {} : { "retry-after-ms": String(retryAfterMs) },
  });
}

function parsed(text: string, service: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ClewError("reranker-failed", `${service} answered with something that is not JSON.`, { cause });
  }
}
