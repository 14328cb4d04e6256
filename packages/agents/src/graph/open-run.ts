import type { JournalEntry, RedactText, Runtime, Scope, SourceId, TraceStore } from "@clew/core";

/** What was recorded of a run when its last node closed. */
export interface OpenRun {
  readonly run: string;
  readonly entries: readonly JournalEntry[];
  /** Sources that the conversation before its question may repeat. */
  readonly heard: readonly SourceId[] | "any";
}

/** Parts of an agent that say where a record is kept. */
export interface RecordParts {
  readonly traces?: TraceStore | undefined;
  readonly redact?: RedactText | undefined;
  readonly runtime: Runtime;
  readonly scope: Scope;
}

/** Why a run has stopped before its end. */
export type Trouble = "aborted" | "failed" | "waiting";
