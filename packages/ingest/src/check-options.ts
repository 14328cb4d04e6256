import { invalidOption } from "@clew/core";

/**
 * Refuses options that do not exist, so that a misspelt one is never ignored.
 *
 * @throws ClewError `invalid-option` naming the options that there are
 */
export function checkOptions(owner: string, options: object, known: Readonly<Record<string, true>>): void {
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(known, name)) continue;
    throw invalidOption(name, `one of ${Object.keys(known).join(", ")}: ${owner} has no other`);
  }
}
