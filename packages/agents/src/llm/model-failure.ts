import { ClewError, type ClewErrorCode, redact } from "@clew/core";

/** What no other role and no second try would change: the caller has to know. */
const fatal: ReadonlySet<ClewErrorCode> = new Set([
  "invalid-option",
  "missing-key",
  "missing-package",
  "not-found",
  "service-refused",
]);

/**
 * Says why a model call failed.
 *
 * @returns a short reason for a note
 * @throws ClewError where it would fail each time: a refused key, an unknown model, a wrong option
 */
export function failureOf(error: unknown, served: string): string {
  if (ClewError.isInstance(error) && fatal.has(error.code)) throw error;
  const { status, lc_error_code: code } = (typeof error === "object" && error !== null ? error : {}) as {
    status?: unknown;
    lc_error_code?: unknown;
  };
  // servers repeat keys and headers in what they refuse
  const message = redact(error instanceof Error ? error.message : String(error));
  if (code === "MODEL_AUTHENTICATION" || status === 401 || status === 403) {
    throw new ClewError("service-refused", `The service of ${served} refused the key: check it and its rights.`, {
      cause: error,
    });
  }
  if (code === "MODEL_NOT_FOUND" || status === 404) {
    throw new ClewError("not-found", `The service knows no model ${served}: check its name and address.`, {
      cause: error,
    });
  }
  return message.length > 200 ? `${message.slice(0, 199)}…` : message;
}
