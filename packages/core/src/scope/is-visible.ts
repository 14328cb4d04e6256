import type { Scope } from "./scope.js";

/** Whether passages without an access list are seen by the whole tenant or by nobody. */
export type AccessLists = "optional" | "required";

/**
 * The one rule of visibility inside a tenant.
 *
 * A listed passage is seen by those on its list; an unlisted one by everybody where lists are optional, and by nobody
 * where they are required.
 */
export function isVisible(
  access: readonly string[] | undefined,
  { principals }: Scope,
  accessLists: AccessLists = "optional",
): boolean {
  if (access === undefined) return accessLists === "optional";
  return principals?.some((principal) => access.includes(principal)) ?? false;
}
