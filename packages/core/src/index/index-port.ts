import type { Filter } from "../filter/filter.js";
import type { Scope } from "../scope/scope.js";
import type { Metadata } from "../source/metadata.js";
import type { SourceId } from "../source/source.js";
import type { SourceInput } from "../source/source-input.js";
import type { IndexView } from "./index-view.js";
import type { SourceRecord, SyncOptions, SyncReport } from "./sync.js";

/** Options of calls that write. */
export interface WriteOptions {
  readonly signal?: AbortSignal | undefined;
}

/** What may be changed of a source without reading it again. */
export interface SourceChange {
  /** Replaces the metadata. */
  readonly metadata?: Metadata | undefined;
  /** Replaces the access list; null takes it away. */
  readonly access?: readonly string[] | null | undefined;
}

/** Holds passages of many scopes. Searching needs a scope: see {@link Index.in}. */
export interface Index {
  in(scope: Scope): IndexView;
  /**
   * Takes sources in: one transaction a source over all legs. A source that fails is reported, and the rest goes on.
   *
   * A list that breaks off removes nothing, and a note says so.
   *
   * @throws the signal's reason when aborted (what was written stays, and is whole); what the list threw when it named
   *   no source at all (`not-found` for a missing path); ClewError `storage-failed`, `embedder-failed`
   */
  sync(
    scope: Scope,
    items: AsyncIterable<SourceInput> | Iterable<SourceInput>,
    options?: SyncOptions,
  ): Promise<SyncReport>;
  /** Sources of the tenant that these principals may see and that match, ordered by id. The filter sees source fields. */
  sources(scope: Scope, filter?: Filter): Promise<readonly SourceRecord[]>;
  /** Removes sources by id; unknown ids are left out of the returned list. */
  remove(scope: Scope, ids: readonly SourceId[], options?: WriteOptions): Promise<readonly SourceId[]>;
  /** Changes metadata or access without embedding anything anew. @throws ClewError `not-found` */
  setMetadata(scope: Scope, id: SourceId, change: SourceChange, options?: WriteOptions): Promise<void>;
  close(): Promise<void>;
}
