import { ClewError } from "@clew/core";

/**
 * What an error is, in one of few words: the code of a ClewError, the status of an HTTP answer, `aborted`, else the name of
 * its class. Never its message, which may quote what was asked.
 */
export function errorType(error: unknown): string {
  if (ClewError.isInstance(error)) return (error as ClewError).code;
  if (typeof error !== "object" || error === null) return "aborted";
  const { name, status } = error as { name?: unknown; status?: unknown };
  if (name === "AbortError") return "aborted";
  if (name === "TimeoutError") return "timed-out";
  if (typeof status === "number") return String(status);
  return typeof name === "string" && name !== "" ? name : "_OTHER";
}
