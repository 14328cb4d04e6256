import type { Budget } from "@clew/core";

/** What is to be shared out, and among how many. */
export interface ShareOutOptions {
  /** What is left of each limit; absent limits do not bind. */
  readonly left: Budget;
  /** Sections that have not begun, those of this round included. */
  readonly open: number;
  /** Sections that begin now, at most `open`. */
  readonly starting: number;
  /** Rounds that are still to come, this one included: rounds follow one another, so they share the time. */
  readonly rounds: number;
}

/** Parts of a dollar that a share is rounded down to. */
const finest = 1e9;

/**
 * Shares of the sections that begin now, in their order: of tokens, calls and hops an equal part of what is left, whole
 * numbers, the remainder one each to the first; of money an equal part, rounded down to a billionth of a dollar; of time an equal part of
 * what is left for each round. The shares of all open sections never add up to more than what is left.
 */
export function shareOut({ left, open, starting, rounds }: ShareOutOptions): Budget[] {
  const whole = (amount: number, index: number): number => {
    const units = Math.floor(amount);
    return Math.floor(units / open) + (index < units % open ? 1 : 0);
  };
  return Array.from({ length: starting }, (_, index) => ({
    ...(left.tokens === undefined ? {} : { tokens: whole(left.tokens, index) }),
    ...(left.usd === undefined ? {} : { usd: Math.floor((left.usd / open) * finest) / finest }),
    ...(left.ms === undefined ? {} : { ms: Math.floor(left.ms / rounds) }),
    ...(left.hops === undefined ? {} : { hops: whole(left.hops, index) }),
    ...(left.calls === undefined ? {} : { calls: whole(left.calls, index) }),
  }));
}
