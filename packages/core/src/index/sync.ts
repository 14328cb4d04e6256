import type { Call } from "../run/call.js";
import type { Note } from "../run/note.js";
import type { Usage } from "../run/usage.js";
import type { Source, SourceId } from "../source/source.js";

/** A source as an index knows it. */
export interface SourceRecord extends Source {
  /** Number of its passages. */
  readonly passages: number;
  /** When it was last written, in milliseconds since 1970. */
  readonly syncedAt: number;
}

/** How far a sync is. Totals grow while the sources are listed. */
export interface SyncProgress {
  readonly phase: "read" | "embed" | "write" | "done";
  /** Source at hand. */
  readonly source?: SourceId | undefined;
  /** Sources finished, unchanged and failed ones included. */
  readonly sourcesDone: number;
  /** Sources seen so far. */
  readonly sourcesSeen: number;
  /** Passages embedded so far. */
  readonly embedded: number;
  /** Passages of the sources at hand that still need a vector. */
  readonly pending: number;
}

/** Options of a sync. */
export interface SyncOptions {
  /**
   * Removes stored sources that the items do not name: all of the scope, or those for which the predicate is true.
   * Nothing is removed when the iteration breaks off. @default false
   */
  readonly removeMissing?: boolean | ((source: SourceRecord) => boolean) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: SyncProgress) => void) | undefined;
  /** Reads and splits, and says what would be embedded; embeds and writes nothing. @default false */
  readonly dryRun?: boolean | undefined;
  readonly call?: Call | undefined;
}

/** A source that could not be taken in; what was stored of it before stays. */
export interface FailedSync {
  readonly source: SourceId;
  readonly note: Note;
}

/** What a sync did. */
export interface SyncReport {
  readonly added: readonly SourceId[];
  readonly updated: readonly SourceId[];
  /** Number of sources whose version was equal; they were not read. */
  readonly unchanged: number;
  readonly removed: readonly SourceId[];
  readonly failed: readonly FailedSync[];
  readonly passages: { readonly added: number; readonly removed: number; readonly kept: number };
  /** Texts embedded anew. */
  readonly embedded: number;
  /** Texts whose vector was in the cache. */
  readonly cached: number;
  /** Tokens of the texts embedded anew (or to be, in a dry run), as the embedder counts them. */
  readonly tokens: number;
  readonly notes: readonly Note[];
  readonly usage: Usage;
  readonly generation: number;
}
