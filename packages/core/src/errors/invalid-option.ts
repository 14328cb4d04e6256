import { ClewError } from "./clew-error.js";

/**
 * The error for an option outside its range.
 *
 * @param name the option as the caller wrote it (`weights`, `k`)
 * @param expected what would have been right, as a noun phrase ("a whole number of 1 or more")
 * @param got what came instead; shown as JSON, cut at 80 characters
 */
export function invalidOption(name: string, expected: string, got?: unknown): ClewError {
  const shown = got === undefined ? "" : `, but got ${show(got)}`;
  return new ClewError("invalid-option", `Option "${name}" must be ${expected}${shown}.`);
}

function show(value: unknown): string {
  let text: string;
  try {
    text =
      typeof value === "number" || typeof value === "bigint" ? String(value) : (JSON.stringify(value) ?? typeof value);
  } catch {
    // a cyclic value has no JSON; its type is the most that can be said
    text = typeof value;
  }
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
