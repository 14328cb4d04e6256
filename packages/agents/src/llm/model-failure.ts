import { ClewError } from "@clew/core";

/**
 * Says why a model call failed.
 *
 * @returns a short reason for a note
 * @throws ClewError `service-refused` or `not-found` where it would fail each time
 */
export function failureOf(error: unknown, served: string): string {
  const { status, lc_error_code: code } = (typeof error === "object" && error !== null ? error : {}) as {
    status?: unknown;
    lc_error_code?: unknown;
  };
  const message = error instanceof Error ? error.message : String(error);
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
