import { invalidOption } from "./invalid-option.js";

/** True for a finite number of 0 or more. */
export const isNonNegative = (value: unknown): value is number =>
  typeof value === "number" && Number.isFinite(value) && value >= 0;

/** True for a whole number of 1 or more. */
export const isPositiveInteger = (value: unknown): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 1;

/**
 * Returns the value when it is a whole number of 1 or more.
 *
 * @throws ClewError `invalid-option`
 */
export function positiveInteger(name: string, value: unknown): number {
  if (!isPositiveInteger(value)) throw invalidOption(name, "a whole number of 1 or more", value);
  return value;
}

/**
 * Returns the value when it is a finite number of 0 or more.
 *
 * @throws ClewError `invalid-option`
 */
export function nonNegative(name: string, value: unknown): number {
  if (!isNonNegative(value)) throw invalidOption(name, "a finite number of 0 or more", value);
  return value;
}
