import { checkKeys } from "../errors/check-keys.js";
import { positiveInteger } from "../errors/check-number.js";
import { ClewError } from "../errors/clew-error.js";
import { invalidOption } from "../errors/invalid-option.js";
import type { Runtime } from "../run/runtime.js";
import { breather } from "./breather.js";
import { normalBelow, normalQuantile } from "./normal.js";
import { seededRandom } from "./seeded-random.js";

/** A mean with its confidence interval. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** Confidence, in (0, 1). */
  readonly level: number;
}

/** Options of {@link bootstrapInterval}. */
export interface BootstrapOptions {
  /** Confidence, in (0, 1). @default 0.95 */
  level?: number | undefined;
  /** Resamples (100 or more). @default 10,000 */
  resamples?: number | undefined;
  /** Where chance comes from. @default seeded, so that the same values give the same interval */
  runtime?: Pick<Runtime, "random"> | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Confidence interval of a mean by the bias-corrected and accelerated (BCa) bootstrap. For paired data, pass the
 * differences of the pairs. Too narrow below about 20 values, as every bootstrap is.
 *
 * @throws ClewError `nothing-to-do` for fewer than two values; `invalid-option` for one that is not finite
 * @see Efron, "Better Bootstrap Confidence Intervals", JASA 1987
 */
export async function bootstrapInterval(values: readonly number[], options: BootstrapOptions = {}): Promise<Interval> {
  checkKeys("bootstrapInterval", options, [
    "level",
    "resamples",
    "runtime",
    "signal",
  ] satisfies (keyof BootstrapOptions)[]);
  const { level = 0.95, resamples = 10_000, runtime = { random: seededRandom(1) }, signal } = options;
  if (!(level > 0 && level < 1)) throw invalidOption("level", "a number between 0 and 1", level);
  if (positiveInteger("resamples", resamples) < 100) throw invalidOption("resamples", "100 or more", resamples);
  const count = values.length;
  if (count < 2) throw new ClewError("nothing-to-do", `An interval needs two values or more, not ${count}.`);
  const wrong = values.find((value) => !Number.isFinite(value));
  if (wrong !== undefined) throw invalidOption("values", "finite numbers", wrong);

  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (values.every((value) => value === values[0]))
    return { mean: values[0]!, low: values[0]!, high: values[0]!, level };
  const breathe = breather(signal);
  const means = new Float64Array(resamples);
  for (let sample = 0; sample < resamples; sample += 1) {
    let sum = 0;
    for (let draw = 0; draw < count; draw += 1) sum += values[Math.floor(runtime.random() * count)]!;
    means[sample] = sum / count;
    await breathe(count);
  }
  means.sort();

  const at = (share: number, round: (rank: number) => number): number =>
    means[Math.min(resamples, Math.max(1, round((resamples + 1) * share))) - 1]!;
  const half = 0.5 / resamples; // a share of 0 or 1 would send the correction to infinity
  const bias = normalQuantile(Math.min(1 - half, Math.max(half, shareBelow(means, mean))));
  const skew = acceleration(values, mean);
  const corrected = (z: number): number => normalBelow(bias + (bias + z) / (1 - skew * (bias + z)));
  const tail = normalQuantile((1 - level) / 2);
  return { mean, low: at(corrected(tail), Math.floor), high: at(corrected(-tail), Math.ceil), level };
}

/** Share below a value, those equal to it (up to rounding) counted half. */
function shareBelow(sorted: Float64Array, value: number): number {
  const slack = 1e-12 * Math.max(Math.abs(sorted[0]!), Math.abs(sorted.at(-1)!));
  let below = 0;
  for (const other of sorted) below += other < value - slack ? 1 : other <= value + slack ? 0.5 : 0;
  return below / sorted.length;
}

/** The jackknife's acceleration, which for a mean is its skewness over 6 √n. */
function acceleration(values: readonly number[], mean: number): number {
  let squares = 0;
  let cubes = 0;
  for (const value of values) {
    squares += (value - mean) ** 2;
    cubes += (value - mean) ** 3;
  }
  return cubes / (6 * squares ** 1.5);
}
