import { ClewError } from "@clew/core";

/** The error for an index that can no longer be trusted. */
export const damaged = (path: string, what: string, cause?: unknown): ClewError =>
  new ClewError(
    "index-damaged",
    `The index at ${path} is damaged: ${what}. Delete that directory and sync again, or put back a copy of it.`,
    cause === undefined ? undefined : { cause },
  );
