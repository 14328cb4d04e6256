import {
  ClewError,
  type Note,
  note,
  type Runtime,
  raceSignal,
  redact,
  requestFailure,
  retryRequest,
  sleep,
} from "@clew/core";
import type { Gate } from "./gate.js";
import { failureOfFetch, failureOfResponse, HttpFailure, refusal } from "./http-failure.js";

/** How a server is reached. */
export interface TransportOptions {
  /** What it is called in errors: kind and model. */
  readonly name: string;
  /** Without a slash at its end. */
  readonly baseURL: string;
  /** Sent with each request; their values are secrets. */
  readonly headers: Readonly<Record<string, string>>;
  /** Query that each address ends in, such as Azure's version. */
  readonly query: string;
  /** Longest silence in milliseconds: until the answer begins, and between two of its pieces. */
  readonly timeoutMs: number;
  /** How long a server may take to wake up, in milliseconds. */
  readonly coldStartMs: number;
  readonly gate: Gate;
  readonly runtime: Runtime;
  readonly fetch: typeof fetch;
  readonly onNote: ((note: Note) => void) | undefined;
}

/** One request. */
export interface HttpRequest {
  readonly path: string;
  /** JSON of it is posted; absent for a GET. */
  readonly body?: object | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Most repetitions of it. */
  readonly maxRetries: number;
}

/** An answer that has begun. Whoever opened it closes it. */
export interface OpenAnswer {
  readonly isJson: boolean;
  /** Repetitions and waits that it took. */
  readonly notes: readonly Note[];
  /** Requests that were sent for it. */
  readonly requests: number;
  /** The body as it comes. @throws ClewError `timed-out`, `model-failed`; the signal's reason */
  bytes(): AsyncGenerator<Uint8Array>;
  /** The body as a whole. */
  text(): Promise<string>;
  /** Frees its place, and closes the socket where the body was not read to its end. */
  close(): void;
}

/** Sends requests to one server. */
export interface Transport {
  /** A text of the server's without what is secret. */
  redact(text: string): string;
  open(request: HttpRequest): Promise<OpenAnswer>;
}

/** A response that has begun, and the way to leave it. */
interface Sent {
  readonly response: Response;
  readonly leave: () => void;
}

const longestWaitMs = 60_000;
const firstPauseMs = 500;
const longestPauseMs = 15_000;
const longestError = 65_536;
const waking: ReadonlySet<number | undefined> = new Set([502, 503, 504]);
const unreachable: ReadonlySet<string | undefined> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "UND_ERR_SOCKET",
]);

/**
 * A transport over `fetch`: places for so many requests, time limits on silence, repetitions by Retry-After, and the wait
 * for a server that is waking up. What timed out is not repeated: the server may still be at work on it.
 */
export function transport(options: TransportOptions): Transport {
  const { name, baseURL, headers, query, timeoutMs, coldStartMs, gate, runtime, onNote } = options;
  const secrets = Object.values(headers)
    .flatMap((value) => [value, value.replace(/^\w+ /, "")])
    .filter(isSecret);

  const silence = (): ClewError =>
    new ClewError(
      "timed-out",
      `${name} gave nothing for ${timeoutMs} ms: raise timeoutMs, or coldStartMs if it was asleep.`,
    );

  /** One attempt: the response, and the way to leave it. */
  const send = async ({ path, body, signal }: HttpRequest): Promise<Sent> => {
    const leaving = new AbortController();
    const follow = (): void => leaving.abort(signal?.reason);
    signal?.addEventListener("abort", follow, { once: true });
    const leave = (): void => {
      signal?.removeEventListener("abort", follow);
      if (!leaving.signal.aborted) leaving.abort(new ClewError("closed", "The answer is no longer wanted."));
    };
    try {
      const response = await limited(
        options.fetch(`${baseURL}${path}${query}`, {
          method: body === undefined ? "GET" : "POST",
          headers: { accept: "application/json, text/event-stream", ...(body === undefined ? {} : json), ...headers },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          signal: leaving.signal,
          redirect: "manual",
        }),
        timeoutMs,
        silence,
        signal,
      );
      if (response.ok) return { response, leave };
      const said = await limited(response.text(), timeoutMs, silence, signal).catch(() => "");
      const to = response.headers.get("location");
      throw failureOfResponse(
        response.status,
        response.headers,
        to === null ? said.slice(0, longestError) : `to ${to}`,
        secrets,
      );
    } catch (error) {
      leave();
      signal?.throwIfAborted();
      if (error instanceof HttpFailure || ClewError.isInstance(error)) throw error;
      throw failureOfFetch(error, secrets);
    }
  };

  const wait = runtime.sleep ?? sleep;
  return {
    redact: (text) => redact(text, secrets),
    open: async (request) => {
      const { signal, maxRetries } = request;
      const free = await gate.enter(signal);
      const notes: Note[] = [];
      let requests = 0;
      const tell = (one: Note): void => {
        notes.push(one);
        onNote?.(one);
      };
      let asleepSince: number | undefined;
      /** Waits, with growing pauses, for a server that is waking up. */
      const awake = async (): Promise<Sent | { readonly final: ClewError }> => {
        for (let pause = firstPauseMs; ; pause = Math.min(pause * 2, longestPauseMs)) {
          try {
            requests += 1;
            return await send(request);
          } catch (error) {
            // what is typed already would come again: a time-out, a signal
            if (ClewError.isInstance(error)) return { final: error };
            const asleep = error instanceof HttpFailure && (waking.has(error.status) || unreachable.has(error.code));
            asleepSince ??= runtime.now();
            const left = asleepSince + coldStartMs - runtime.now();
            if (!asleep || left <= 0) throw error;
            if (requests === 1) {
              tell(note("x-cold-start", `${name} is not awake yet; up to ${coldStartMs} ms are given to it.`));
            }
            await wait(Math.min(requestFailure(error, runtime).retryAfterMs ?? pause, left), signal);
          }
        }
      };
      try {
        const sent = await retryRequest({
          send: awake,
          retries: maxRetries,
          maxWaitMs: longestWaitMs,
          signal,
          runtime,
          sleep: wait,
          onRetry: ({ status }, waitMs) =>
            tell(
              note(
                "retried",
                `${name} ${status === undefined ? "gave no answer" : `answered ${status}`}; it was asked again.`,
                {
                  status: status ?? null,
                  waitMs: Math.round(waitMs),
                },
              ),
            ),
        });
        if ("final" in sent) throw sent.final;
        const { response, leave } = sent;
        return answer(response, { notes, requests, signal }, () => {
          leave();
          free();
        });
      } catch (error) {
        free();
        throw error instanceof HttpFailure ? refusal(error, name, requests) : error;
      }
    },
  };

  function answer(
    response: Response,
    { notes, requests, signal }: Pick<OpenAnswer, "notes" | "requests"> & Pick<HttpRequest, "signal">,
    close: () => void,
  ): OpenAnswer {
    async function* bytes(): AsyncGenerator<Uint8Array> {
      const reader = response.body?.getReader();
      if (reader === undefined) return;
      try {
        for (;;) {
          const { done, value } = await limited(reader.read(), timeoutMs, silence, signal);
          if (done) return;
          yield value;
        }
      } catch (error) {
        signal?.throwIfAborted();
        if (ClewError.isInstance(error)) throw error;
        throw new ClewError("model-failed", `${name} broke off in the middle of its answer.`, {
          cause: failureOfFetch(error, secrets),
        });
      }
    }
    return {
      isJson: /^application\/(?:[\w.-]+\+)?json\b/i.test(response.headers.get("content-type") ?? ""),
      notes,
      requests,
      bytes,
      text: async () => {
        const decoder = new TextDecoder();
        let text = "";
        for await (const piece of bytes()) text += decoder.decode(piece, { stream: true });
        return text + decoder.decode();
      },
      close,
    };
  }
}

/** A value of a few characters is none, and taking it out would mangle every message. */
const isSecret = (value: string): boolean => value.length >= 6;

const json = { "content-type": "application/json" };

/** The promise, or an error when it takes longer; the timer goes with it. */
async function limited<T>(
  promise: Promise<T>,
  ms: number,
  tooLate: () => Error,
  signal: AbortSignal | undefined,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooLate()), ms);
  });
  try {
    return await raceSignal(Promise.race([promise, late]), signal);
  } finally {
    clearTimeout(timer);
  }
}
