import { invalidOption } from "../errors/invalid-option.js";

/**
 * P(X ≤ k) of a binomial X of n trials that each succeed with chance p: the exact sum. O(k).
 *
 * @throws ClewError `invalid-option` when k or n is no whole number of 0 or more, or p is outside [0, 1]
 */
export function binomialBelow(k: number, n: number, p: number): number {
  if (!Number.isSafeInteger(n) || n < 0) throw invalidOption("n", "a whole number of 0 or more", n);
  if (!Number.isSafeInteger(k) || k < 0) throw invalidOption("k", "a whole number of 0 or more", k);
  if (!(p >= 0 && p <= 1)) throw invalidOption("p", "a number from 0 to 1", p);
  if (k >= n || p === 0) return 1;
  if (p === 1) return 0;
  const odds = Math.log(p) - Math.log1p(-p);
  let log = n * Math.log1p(-p);
  let sum = Math.exp(log);
  for (let i = 1; i <= k; i++) {
    log += Math.log((n - i + 1) / i) + odds;
    sum += Math.exp(log);
  }
  return Math.min(1, sum);
}

/**
 * The upper end of the exact one-sided confidence interval of a rate: k successes in n trials, and a true rate above it
 * would have shown so few with a chance of at most 1 - confidence. 1 without trials.
 *
 * @throws ClewError `invalid-option` when k is above n, or the confidence is not within (0, 1)
 * @see Clopper and Pearson, "The use of confidence or fiducial limits illustrated in the case of the binomial", 1934
 */
export function upperRate(k: number, n: number, confidence: number): number {
  if (!(confidence > 0 && confidence < 1)) throw invalidOption("confidence", "a number between 0 and 1", confidence);
  if (k > n) throw invalidOption("k", `at most n = ${n}`, k);
  if (k === n) return 1;
  let low = 0;
  let high = 1;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (binomialBelow(k, n, middle) > 1 - confidence) low = middle;
    else high = middle;
  }
  return high;
}

/** A draw without putting back. */
export interface HypergeometricDraw {
  /** Items altogether. */
  readonly population: number;
  /** Those among them that count. */
  readonly successes: number;
  /** Items drawn. */
  readonly draws: number;
}

/**
 * P(X ≤ k) of the number X of successes in a draw without putting back: the exact sum. O(population).
 *
 * @throws ClewError `invalid-option` when the numbers make no such draw
 */
export function hypergeometricBelow(k: number, { population, successes, draws }: HypergeometricDraw): number {
  for (const [name, value] of Object.entries({ k, population, successes, draws })) {
    if (!Number.isSafeInteger(value) || value < 0) throw invalidOption(name, "a whole number of 0 or more", value);
  }
  if (successes > population) throw invalidOption("successes", `at most the population ${population}`, successes);
  if (draws > population) throw invalidOption("draws", `at most the population ${population}`, draws);
  const logs = logFactorials(population);
  const choose = (n: number, r: number): number => logs[n]! - logs[r]! - logs[n - r]!;
  const whole = choose(population, draws);
  let sum = 0;
  for (let i = Math.max(0, draws + successes - population); i <= Math.min(k, draws, successes); i++) {
    sum += Math.exp(choose(successes, i) + choose(population - successes, draws - i) - whole);
  }
  return Math.min(1, sum);
}

let kept = new Float64Array([0]);

function logFactorials(upTo: number): Float64Array {
  if (kept.length > upTo) return kept;
  const longer = new Float64Array(Math.max(upTo + 1, 2 * kept.length));
  longer.set(kept);
  for (let n = kept.length; n < longer.length; n++) longer[n] = longer[n - 1]! + Math.log(n);
  kept = longer;
  return kept;
}
