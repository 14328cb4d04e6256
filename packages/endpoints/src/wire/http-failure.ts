import { ClewError, type ClewErrorCode, redact } from "@clew/core";

/** A request that brought no answer of use. It carries no header and no body, only a few words without secrets. */
export class HttpFailure extends Error {
  override readonly name = "HttpFailure";

  constructor(
    message: string,
    /** HTTP status; undefined where no answer came. */
    readonly status: number | undefined,
    /** Only those that say when to come again. */
    readonly headers: Readonly<Record<string, string>> = {},
    /** The system's code, such as ECONNREFUSED. */
    readonly code?: string | undefined,
  ) {
    super(message);
  }
}

const waits = ["retry-after", "retry-after-ms"];

/** The failure that a response is, with what its body says. */
export function failureOfResponse(
  status: number,
  headers: Headers,
  body: string,
  secrets: readonly string[],
): HttpFailure {
  const kept = Object.fromEntries(waits.flatMap((name) => (headers.has(name) ? [[name, headers.get(name)!]] : [])));
  return new HttpFailure(redact(wordsOf(body), secrets) || "no reason given", status, kept);
}

/** The failure that `fetch` rejected with; its own words may name an address, so they are gone through. */
export function failureOfFetch(error: unknown, secrets: readonly string[]): HttpFailure {
  const { message = String(error), cause } = error as { message?: string; cause?: { message?: string; code?: string } };
  const words = [message, cause?.message].filter((word) => word !== undefined && word !== "").join(": ");
  return new HttpFailure(redact(words, secrets), undefined, {}, cause?.code);
}

/** The words of an error's body, in the shapes that servers give it. */
function wordsOf(body: string): string {
  try {
    return errorWords(JSON.parse(body)) ?? body;
  } catch {
    // a page or plain text: shown as it is, cut
    return body;
  }
}

/** The message inside `{ error: { message } }`, `{ error: text }`, `{ message }` or `{ detail }`; undefined where there is none. */
export function errorWords(json: unknown): string | undefined {
  if (typeof json !== "object" || json === null) return undefined;
  const { error, message, detail, object } = json as Record<string, unknown>;
  if (typeof error === "object" && error !== null) return errorWords(error) ?? JSON.stringify(error);
  if (typeof error === "string") return error;
  if (object === "error" || error !== undefined || typeof message === "string") {
    return typeof message === "string" ? message : JSON.stringify(json);
  }
  if (detail !== undefined) return typeof detail === "string" ? detail : JSON.stringify(detail);
  return undefined;
}

/** What a caller is told of a failure: a typed error that says what to do. */
export function refusal(failure: HttpFailure, name: string, requests: number): ClewError {
  const { status, message } = failure;
  const said = `(${status === undefined ? "" : `${status}: `}${message})`;
  const tried = requests > 1 ? ` after ${requests} requests` : "";
  // status and waits also on the error itself, where whoever repeats requests looks for them
  const fail = (code: ClewErrorCode, words: string): ClewError =>
    Object.assign(new ClewError(code, `${words} ${said}`, { cause: failure }), { status, headers: failure.headers });
  if (status === undefined) {
    return fail("model-failed", `${name} could not be reached${tried}: check its address, and that it runs.`);
  }
  if (status >= 300 && status < 400) {
    return fail("not-found", `${name} sends elsewhere: give the address that it names as baseURL.`);
  }
  if (status === 401 || status === 403)
    return fail("service-refused", `${name} refused the key: check it and its rights.`);
  if (status === 402) return fail("service-refused", `${name} wants to be paid: check the account.`);
  if (status === 404) return fail("not-found", `${name} knows no such model or path: check model and baseURL.`);
  if (status === 429) return fail("model-failed", `${name} is asked too often${tried}: lower maxConcurrency, or wait.`);
  if (status >= 500) return fail("model-failed", `${name} failed${tried}.`);
  return fail("model-failed", `${name} did not take the request.`);
}
