import { invalidOption } from "../errors/invalid-option.js";

declare const brand: unique symbol;

/** Who may see: the tenant that owns passages, and optionally the principals who ask. Made by {@link scope}. */
export interface Scope {
  readonly [brand]: "Scope";
  readonly tenant: string;
  /** Users, groups and roles who ask. Absent: an asker without identity, who sees only what has no access list. */
  readonly principals?: readonly string[] | undefined;
}

/** Options of {@link scope}. */
export interface ScopeOptions {
  /** Users, groups and roles who ask. @default nobody: only passages without an access list are seen */
  principals?: readonly string[] | undefined;
}

const maximumLength = 512;

/**
 * Makes a {@link Scope}: the only key to an index.
 *
 * @param tenant 1 to 512 characters, no control characters
 * @throws ClewError `invalid-option`
 */
export function scope(tenant: string, { principals }: ScopeOptions = {}): Scope {
  if (!isName(tenant))
    throw invalidOption("tenant", "a text of 1 to 512 characters without control characters", tenant);
  if (principals === undefined) return Object.freeze({ tenant }) as Scope;
  if (!Array.isArray(principals) || !principals.every(isName)) {
    throw invalidOption("principals", "a list of texts of 1 to 512 characters without control characters", principals);
  }
  return Object.freeze({ tenant, principals: Object.freeze([...new Set(principals)].sort()) }) as Scope;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const control = /[\u0000-\u001f\u007f]/;

const isName = (value: unknown): value is string =>
  typeof value === "string" && value.length >= 1 && value.length <= maximumLength && !control.test(value);
