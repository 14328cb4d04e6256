import type { JournalEntry, JsonObject, ServedModel, Trace, Usage } from "@clew/core";
import type { KeptOutputs, Line } from "./kept-outputs.js";

/**
 * What a run that is replayed takes from its record in place of the world: models, sources, people and the clock. Each
 * method throws ClewError `replay-diverged` where the record holds nothing of what is asked for.
 */
export interface RecordedRun {
  readonly run: string;
  /** The record as it was sealed. */
  readonly trace: Trace;
  /** Data of its first line. */
  readonly inputs: JsonObject;
  /** The graph's, as the run's nodes saw it. */
  readonly recursionLimit: number | undefined;
  /** Outputs and failures of calls, each once, in order. */
  readonly outputs: KeptOutputs;
  /** The model that a role was given next, and what was recorded while it was chosen. */
  served(role: string): { readonly served: ServedModel; readonly lines: readonly Line[] };
  /** What a person decided. */
  decision(on: "plan" | "write"): JsonObject;
  /** Milliseconds since the run began, when a node decided something by them. */
  clock(node: string): number;
  /** After how many steps a node's time was over; undefined where it was not. */
  deadline(node: string): number | undefined;
  /** What had been spent when a node had spent something; undefined where it had spent nothing. */
  spent(node: string): Usage | undefined;
  /**
   * Holds the lines that the replay has written so far against those of the record.
   *
   * @param options whether nothing may be missing
   * @throws ClewError `replay-diverged`, naming the first that differs
   */
  check(lines: readonly JournalEntry[], options?: { readonly whole?: boolean | undefined }): void;
  /** What a schema said of a leaf, next time that it was asked; undefined where there is no such time. */
  leaf(path: string): JsonObject | undefined;
}
