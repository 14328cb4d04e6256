import type { JsonObject, JsonValue } from "../json.js";

/** Where in a run a call happens. Its journal id is a hash of this, so a repeated node finds its own earlier output. */
export interface CallSite {
  readonly node: string;
  /** Branch of a parallel node, such as the sub-question's id. */
  readonly branch: string;
  /** Position among the calls of that node and branch, from 0. */
  readonly ordinal: number;
}

/** One line of the record of a run. */
export interface JournalEntry {
  /** Position in the record, from 0. */
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** What happened: `route`, `plan`, `query`, `hits`, `model`, `verdict`, … */
  readonly kind: string;
  /** The call it belongs to; absent for remarks. */
  readonly call?: string | undefined;
  readonly data: JsonValue;
}

/** Options of {@link Journal.once}. */
export interface OnceOptions {
  /** What the record keeps where the work fails, for replays alone. @default its code, and its message without keys */
  readonly failed?: ((error: unknown) => JsonObject) | undefined;
}

/**
 * The record of one run, and its memory: the output of a call is kept before the run goes on, so that a resumed run
 * finds it instead of paying again. Keys and headers never enter it.
 */
export interface Journal {
  /** Appends a remark: a decision, a verdict, a note. */
  record(kind: string, data: JsonValue): Promise<void>;
  /**
   * Runs `work` once for this site: a second time, in this process or another, the kept output is returned.
   * A failure is not kept, the work is done again; the record holds it, as a line of the kind with `-failed` behind it, so
   * that a replay of the run fails at the same place, with a `RecordedFailure`.
   */
  once<T extends JsonValue>(site: CallSite, kind: string, work: () => Promise<T>, options?: OnceOptions): Promise<T>;
  /** Everything recorded so far, in order. */
  entries(): readonly JournalEntry[];
}
