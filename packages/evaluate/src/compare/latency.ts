import { ClewError } from "@clew/core";

/** Times of many searches, in milliseconds. */
export interface Latency {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly mean: number;
  readonly max: number;
  /** Searches timed. */
  readonly count: number;
}

/**
 * Percentiles of times by nearest rank: the smallest time that at least that share of the times does not exceed.
 *
 * @param times milliseconds, in any order
 * @throws ClewError `nothing-to-do` for no times
 */
export function latency(times: readonly number[]): Latency {
  if (times.length === 0) throw new ClewError("nothing-to-do", "There are no times to take percentiles of.");
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
  return {
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    mean: sorted.reduce((sum, time) => sum + time, 0) / sorted.length,
    max: sorted.at(-1)!,
    count: sorted.length,
  };
}
