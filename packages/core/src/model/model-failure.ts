import { ClewError, type ClewErrorCode } from "../errors/clew-error.js";
import { redact } from "../errors/redact.js";

/** What no other role and no second try would change: the caller has to know. */
const fatal: ReadonlySet<ClewErrorCode> = new Set([
  "invalid-option",
  "missing-key",
  "missing-package",
  "not-found",
  "service-refused",
  "budget-impossible",
  "replay-diverged",
]);

/**
 * Says why a model call failed, with what looks like a key taken out.
 *
 * @returns a short reason for a note
 * @throws ClewError where it would fail each time: a refused key, an empty account, an unknown model, a wrong option
 */
export function failureOf(error: unknown, served: string): string {
  if (ClewError.isInstance(error) && fatal.has(error.code)) throw error;
  const { status, lc_error_code: code } = (typeof error === "object" && error !== null ? error : {}) as {
    status?: unknown;
    lc_error_code?: unknown;
  };
  const refused = (what: string): ClewError => new ClewError("service-refused", what, { cause: error });
  if (code === "MODEL_AUTHENTICATION" || status === 401 || status === 403) {
    throw refused(`The service of ${served} refused the key: check it and its rights.`);
  }
  if (status === 402 || isUsedUp(error)) {
    throw refused(`The account at the service of ${served} is used up: check its plan and its limits.`);
  }
  if (code === "MODEL_NOT_FOUND" || status === 404) {
    throw new ClewError("not-found", `The service knows no model ${served}: check its name and address.`, {
      cause: error,
    });
  }
  const message = redact(error instanceof Error ? error.message : String(error)) || "it gave no reason";
  return message.length > 200 ? `${message.slice(0, 199)}…` : message;
}

/** OpenAI's word for an empty account, which comes with the status of a rate limit. */
export const isUsedUp = (error: unknown): boolean =>
  typeof error === "object" && error !== null && "code" in error && error.code === "insufficient_quota";
