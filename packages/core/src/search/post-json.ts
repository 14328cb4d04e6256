import { ClewError, type ClewErrorCode } from "../errors/clew-error.js";
import { redact } from "../errors/redact.js";
import type { Runtime } from "../run/runtime.js";
import { fetchWithin } from "./fetch-within.js";
import { mayPass, requestFailure } from "./retry-request.js";

/** Options of {@link postJson}. */
export interface PostJsonOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** Name of the service, for messages. */
  readonly service: string;
  /** Code of its failures. */
  readonly failed: ClewErrorCode;
  readonly signal: AbortSignal;
  /** Milliseconds until the whole answer is there. */
  readonly timeoutMs: number;
  /** Keys, taken out of what the service says before it enters a message. */
  readonly secrets: readonly string[];
  readonly fetch: typeof fetch;
  readonly runtime: Runtime;
}

/**
 * Posts JSON and reads JSON, once.
 *
 * @throws the signal's reason; ClewError `service-refused` for 4xx that will not pass and for a redirect to another server,
 *   `timed-out`, or the code given, with `status` and `headers` where `retryRequest` looks for them. No message holds a header
 *   or a key.
 */
export async function postJson(options: PostJsonOptions): Promise<unknown> {
  const { url, headers, body, service, failed, signal, timeoutMs, secrets, fetch, runtime } = options;
  const timeout = AbortSignal.timeout(timeoutMs);
  let response: Response;
  let text: string;
  try {
    const init = {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json", ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.any([signal, timeout]),
    };
    response = await fetchWithin(url, { fetch, service, init });
    text = await response.text();
  } catch (cause) {
    signal.throwIfAborted();
    if (ClewError.isInstance(cause)) throw cause;
    if (timeout.aborted) {
      throw new ClewError("timed-out", `${service} timed out: no answer within ${timeoutMs} ms.`, { cause });
    }
    throw new ClewError(failed, `The connection to ${service} was not made, or broke off.`, { cause });
  }
  if (response.ok) return parsed(text, service, failed);
  const { status } = response;
  const detail = redact(text, secrets).slice(0, 200);
  const hint = status === 401 || status === 403 ? " Check the key and what it is allowed to do." : "";
  const { retryAfterMs } = requestFailure(response, runtime);
  const later = retryAfterMs === undefined ? "" : ` It asks to wait ${Math.ceil(retryAfterMs / 1000)} s.`;
  const message = `${service} answered with status ${status}: ${detail}${hint}${later}`;
  throw Object.assign(new ClewError(mayPass({ status, message }) ? failed : "service-refused", message), {
    status,
    headers: retryAfterMs === undefined ? {} : { "retry-after-ms": String(retryAfterMs) },
  });
}

function parsed(text: string, service: string, failed: ClewErrorCode): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ClewError(failed, `${service} answered with something that is not JSON.`, { cause });
  }
}
