import { invalidOption, isNonNegative } from "@clew/core";

/**
 * Returns the weights when each is a finite number of 0 or more and one is above 0.
 *
 * @throws ClewError `invalid-option`
 */
export function checkWeights(weights: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  for (const [leg, weight] of Object.entries(weights)) {
    if (!isNonNegative(weight)) throw invalidOption(`weights.${leg}`, "a finite number of 0 or more", weight);
  }
  if (!Object.values(weights).some((weight) => weight > 0)) {
    throw invalidOption("weights", "given with at least one weight above 0", weights);
  }
  return weights;
}
