import { invalidOption } from "./invalid-option.js";

/**
 * Refuses options that do not exist, so that a misspelt one is never ignored.
 *
 * @throws ClewError `invalid-option` naming the options that there are
 */
export function checkKeys(owner: string, options: object, known: readonly string[]): void {
  if (typeof options !== "object" || options === null) throw invalidOption(owner, "an object of options", options);
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) throw invalidOption(key, `one of ${known.join(", ")}: ${owner} has no other`);
  }
}
