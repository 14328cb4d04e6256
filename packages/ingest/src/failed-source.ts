import { ClewError, type FailedSource, type JsonObject, note } from "@clew/core";

/** A source that is known but cannot be used, with the reason; what an index holds of it stays. */
export function failedSource(id: string, message: string, detail?: JsonObject): FailedSource {
  return { id, failed: note("source-failed", message, { source: id, ...detail }) };
}

/** What an error says, for a note. */
export function reasonOf(error: unknown): string {
  if (ClewError.isInstance(error) || error instanceof Error) return error.message;
  return String(error);
}
