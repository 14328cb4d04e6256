import { checkKeys, nonNegative, positiveInteger } from "@clew/core";

/** Options of {@link circuitBreaker}. */
export interface CircuitBreakerOptions {
  /** Failures within the window that open it. @default 3 */
  failures?: number | undefined;
  /** Milliseconds in which they are counted. @default 60,000 */
  windowMs?: number | undefined;
  /** Milliseconds that it stays open before one call may try again. @default 30,000 */
  pauseMs?: number | undefined;
}

/** `closed`: calls go through; `open`: none does; `half-open`: one does, and decides. */
export type CircuitState = "closed" | "open" | "half-open";

/** Leave for one call. The first of its outcomes counts; further ones do nothing. */
export interface CircuitPass {
  succeeded(): void;
  failed(): void;
  /** It says nothing of the service: the caller left, or asked for something impossible. */
  abandoned(): void;
}

/** Keeps calls away from a service that fails. */
export interface CircuitBreaker {
  readonly state: CircuitState;
  /** Milliseconds until a call may try again; 0 unless it is open. */
  readonly restMs: number;
  /** Leave for a call; undefined when it must not be made now. */
  pass(): CircuitPass | undefined;
}

/**
 * Makes a {@link CircuitBreaker}: closed, it opens when `failures` fall into a window of `windowMs`; after `pauseMs` it
 * lets one call through, which closes it by success and opens it anew by failure.
 *
 * @throws ClewError `invalid-option`
 * @see Nygard, "Release It!", 2007: Circuit Breaker
 */
export function circuitBreaker(options: CircuitBreakerOptions & { readonly now: () => number }): CircuitBreaker {
  checkKeys("circuitBreaker", options, ["failures", "windowMs", "pauseMs", "now"]);
  const { now } = options;
  const failures = positiveInteger("failures", options.failures ?? 3);
  const windowMs = nonNegative("windowMs", options.windowMs ?? 60_000);
  const pauseMs = nonNegative("pauseMs", options.pauseMs ?? 30_000);
  let failed: number[] = [];
  let openedAt: number | undefined;
  let trying = false;

  const restMs = (): number => (openedAt === undefined ? 0 : Math.max(0, openedAt + pauseMs - now()));
  const state = (): CircuitState => (openedAt === undefined ? "closed" : restMs() > 0 ? "open" : "half-open");

  const leave = (isTrial: boolean): CircuitPass => {
    let settled = false;
    const settle = (act: () => void) => (): void => {
      if (settled) return;
      settled = true;
      if (isTrial) trying = false;
      act();
    };
    return {
      succeeded: settle(() => {
        // what was let through before it opened says nothing of now
        if (!isTrial && openedAt !== undefined) return;
        openedAt = undefined;
        failed = [];
      }),
      failed: settle(() => {
        const at = now();
        failed = [...failed.filter((time) => time > at - windowMs), at];
        if (isTrial || (openedAt === undefined && failed.length >= failures)) {
          openedAt = at;
          failed = [];
        }
      }),
      abandoned: settle(() => undefined),
    };
  };
  return {
    get state() {
      return state();
    },
    get restMs() {
      return restMs();
    },
    pass: () => {
      const found = state();
      if (found === "open" || (found === "half-open" && trying)) return undefined;
      trying = found === "half-open";
      return leave(trying);
    },
  };
}
