import { ClewError, type Note, note, sleep } from "@clew/core";

/** Options of {@link postJson}. */
export interface PostJsonOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** Name of the service, for messages. */
  readonly service: string;
  readonly signal: AbortSignal;
  /** Milliseconds for one attempt. */
  readonly timeoutMs: number;
  /** Attempts after the first, for 408, 429, 5xx and connections that broke. */
  readonly maxRetries: number;
  /** The key, taken out of what the service says before it enters a message. */
  readonly secret?: string | undefined;
  readonly fetch: typeof fetch;
}

/** What a service answered. */
export interface PostedJson {
  readonly body: unknown;
  readonly notes: readonly Note[];
}

const longestWait = 60_000;
const retryable = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/**
 * Posts JSON and reads JSON. Waits as long as Retry-After says (60 s at most), else 0.5 s, 1 s, 2 s, …; each repetition
 * leaves a note.
 *
 * @throws the signal's reason; ClewError `service-refused` for other 4xx, `timed-out`, `reranker-failed`. No message
 *   holds a header or a key.
 */
export async function postJson(options: PostJsonOptions): Promise<PostedJson> {
  const { service, signal, maxRetries } = options;
  const notes: Note[] = [];
  for (let attempt = 0; ; attempt += 1) {
    signal.throwIfAborted();
    const outcome = await once(options);
    if ("body" in outcome) return { body: outcome.body, notes };
    if (attempt >= maxRetries || !outcome.again) throw outcome.error;
    const wait = outcome.waitMs ?? 500 * 2 ** attempt;
    notes.push(
      note("retried", `${service} was asked again after ${wait} ms: ${outcome.error.message}`, {
        service,
        waitMs: wait,
      }),
    );
    await sleep(wait, signal);
  }
}

type Outcome =
  | { readonly body: unknown }
  | { readonly error: ClewError; readonly again: boolean; readonly waitMs?: number | undefined };

async function once({
  url,
  headers,
  body,
  service,
  signal,
  timeoutMs,
  secret,
  fetch,
}: PostJsonOptions): Promise<Outcome> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const failed = (
    code: "reranker-failed" | "timed-out" | "service-refused",
    message: string,
    cause?: unknown,
  ): ClewError => new ClewError(code, message, cause === undefined ? undefined : { cause });
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json", ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.any([signal, timeout]),
    });
    const text = await response.text();
    if (!response.ok) {
      const again = retryable(response.status);
      const told = secret === undefined ? text : text.replaceAll(secret, "…");
      const detail = told.replace(/\s+/g, " ").slice(0, 200);
      const message = `${service} answered with status ${response.status}: ${detail}`;
      const hint =
        response.status === 401 || response.status === 403 ? " Check the key and what it is allowed to do." : "";
      return {
        error: failed(again ? "reranker-failed" : "service-refused", message + hint),
        again,
        waitMs: retryAfter(response.headers.get("retry-after")),
      };
    }
    try {
      return { body: JSON.parse(text) };
    } catch (cause) {
      return {
        error: failed("reranker-failed", `${service} answered with something that is not JSON.`, cause),
        again: false,
      };
    }
  } catch (cause) {
    signal.throwIfAborted();
    return timeout.aborted
      ? { error: failed("timed-out", `${service} did not answer within ${timeoutMs} ms.`, cause), again: true }
      : { error: failed("reranker-failed", `${service} could not be reached, or broke off.`, cause), again: true };
  }
}

/** Retry-After in seconds, or a date, as milliseconds from now. */
function retryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(wait) ? Math.min(longestWait, Math.max(0, wait)) : undefined;
}
