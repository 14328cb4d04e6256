import { checkKeys } from "../errors/check-keys.js";
import { positiveInteger } from "../errors/check-number.js";
import { ClewError } from "../errors/clew-error.js";
import { invalidOption } from "../errors/invalid-option.js";
import type { Runtime } from "../run/runtime.js";
import { breather } from "./breather.js";
import { seededRandom } from "./seeded-random.js";

/** Options of {@link randomisationTest}. */
export interface RandomisationOptions {
  /** Random sign patterns, where there are too many to go through all; p is never below 1 / (resamples + 1). @default 10,000 */
  resamples?: number | undefined;
  /** Where chance comes from. @default seeded, so that the same differences give the same p */
  runtime?: Pick<Runtime, "random"> | undefined;
  signal?: AbortSignal | undefined;
}

/** What {@link randomisationTest} found. */
export interface RandomisationResult {
  /** Two-sided p value, in (0, 1]. */
  readonly p: number;
  /** Whether every sign pattern was gone through; else p is an estimate. */
  readonly exact: boolean;
  /** Sign patterns that were looked at. */
  readonly patterns: number;
}

const exactUpTo = 16;

/**
 * Paired randomisation (sign flip) test of the mean difference, two-sided: the share of sign patterns whose mean is at
 * least as far from 0. All 2^n patterns are gone through for up to 16 differences other than 0; beyond that it draws
 * and counts the observed pattern as one of them, `p = (1 + as far) / (1 + drawn)`.
 *
 * @param differences one a query, in any unit
 * @throws ClewError `nothing-to-do` for no differences; `invalid-option` for one that is not finite
 * @see Smucker, Allan and Carterette, "A Comparison of Statistical Significance Tests for IR Evaluation", CIKM 2007
 */
export async function randomisationTest(
  differences: readonly number[],
  options: RandomisationOptions = {},
): Promise<RandomisationResult> {
  checkKeys("randomisationTest", options, ["resamples", "runtime", "signal"] satisfies (keyof RandomisationOptions)[]);
  const { resamples = 10_000, runtime = { random: seededRandom(1) }, signal } = options;
  positiveInteger("resamples", resamples);
  if (differences.length === 0) throw new ClewError("nothing-to-do", "A test needs one difference or more.");
  const wrong = differences.find((difference) => !Number.isFinite(difference));
  if (wrong !== undefined) throw invalidOption("differences", "finite numbers", wrong);

  const moved = differences.filter((difference) => difference !== 0); // a flipped 0 is a 0
  const total = Math.abs(moved.reduce((sum, difference) => sum + difference, 0));
  // sums that are equal but for rounding count as equal
  const bound = total - 1e-12 * moved.reduce((sum, difference) => sum + Math.abs(difference), 0);
  const breathe = breather(signal);
  const exact = moved.length <= exactUpTo;
  // the first sign is fixed when all patterns are gone through: the other half are mirror images, as far from 0
  const patterns = exact ? 2 ** Math.max(0, moved.length - 1) : resamples;
  let asFar = 0;
  for (let pattern = 0; pattern < patterns; pattern += 1) {
    let sum = 0;
    let signs = pattern << 1;
    for (let index = 0; index < moved.length; index += 1) {
      const bit = index % 32;
      if (!exact && bit === 0) signs = Math.floor(runtime.random() * 2 ** 32);
      sum += (signs >>> bit) & 1 ? -moved[index]! : moved[index]!;
    }
    if (Math.abs(sum) >= bound) asFar += 1;
    await breathe(moved.length);
  }
  return exact
    ? { p: asFar / patterns, exact, patterns: 2 ** moved.length }
    : { p: (1 + asFar) / (1 + patterns), exact, patterns };
}
