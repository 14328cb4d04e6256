import { invalidOption } from "@clew/core";

/**
 * p values of several comparisons, corrected by Holm's step-down so that the chance of one false claim among them stays
 * below the level that each is held against. In the order given; none below what it was, none above 1.
 *
 * @throws ClewError `invalid-option` for a p outside [0, 1]
 * @see Holm, "A Simple Sequentially Rejective Multiple Test Procedure", Scandinavian Journal of Statistics 1979
 */
export function holm(pValues: readonly number[]): number[] {
  const wrong = pValues.find((p) => !(p >= 0 && p <= 1));
  if (wrong !== undefined) throw invalidOption("pValues", "numbers from 0 to 1", wrong);
  const order = pValues.map((_, index) => index).sort((a, b) => pValues[a]! - pValues[b]! || a - b);
  const corrected: number[] = new Array(pValues.length);
  let largest = 0;
  for (const [step, index] of order.entries()) {
    largest = Math.max(largest, Math.min(1, (pValues.length - step) * pValues[index]!));
    corrected[index] = largest;
  }
  return corrected;
}
