import { positiveInteger } from "../errors/check-number.js";
import type { Runtime } from "../run/runtime.js";
import type { sleep as realSleep } from "./sleep.js";

/** Options of {@link rateLimiter}. */
export interface RateLimiterOptions {
  /** @default no limit */
  requestsPerMinute?: number | undefined;
  /** @default no limit */
  tokensPerMinute?: number | undefined;
  runtime: Runtime;
  sleep: typeof realSleep;
}

/** Lets requests pass one after the other, as fast as the limits allow. */
export interface RateLimiter {
  /** Resolves when a request of so many tokens may be sent; rejects with the signal's reason. */
  pass(tokens: number, signal?: AbortSignal | undefined): Promise<void>;
}

const minute = 60_000;

/**
 * Keeps to both limits in every window of 60 seconds. A request of more tokens than a minute allows passes alone, once
 * a whole minute has been quiet.
 *
 * @throws ClewError `invalid-option`
 */
export function rateLimiter({ requestsPerMinute, tokensPerMinute, runtime, sleep }: RateLimiterOptions): RateLimiter {
  if (requestsPerMinute !== undefined) positiveInteger("requestsPerMinute", requestsPerMinute);
  if (tokensPerMinute !== undefined) positiveInteger("tokensPerMinute", tokensPerMinute);
  let passed: { readonly at: number; readonly tokens: number }[] = [];
  let turn: Promise<unknown> = Promise.resolve();

  const waitFor = (tokens: number): number => {
    const now = runtime.now();
    passed = passed.filter(({ at }) => at > now - minute);
    let sent = passed.reduce((sum, request) => sum + request.tokens, 0);
    let requests = passed.length;
    for (const request of passed) {
      const fits =
        (requestsPerMinute === undefined || requests < requestsPerMinute) &&
        (tokensPerMinute === undefined || sent + tokens <= tokensPerMinute);
      if (fits) break;
      sent -= request.tokens;
      requests--;
    }
    const leaving = passed[passed.length - requests - 1];
    return leaving === undefined ? 0 : leaving.at + minute - now;
  };

  return {
    pass: async (tokens, signal) => {
      const before = turn;
      const mine = (async () => {
        await before.catch(() => undefined); // reported to its own caller
        signal?.throwIfAborted();
        for (let ms = waitFor(tokens); ms > 0; ms = waitFor(tokens)) await sleep(ms, signal);
        passed.push({ at: runtime.now(), tokens });
      })();
      turn = mine;
      return mine;
    },
  };
}
