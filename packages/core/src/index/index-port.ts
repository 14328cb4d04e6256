import type { Filter } from "../filter/filter.js";
import type { Erasable } from "../record/erasure.js";
import type { Scope } from "../scope/scope.js";
import type { Metadata } from "../source/metadata.js";
import type { Passage } from "../source/passage.js";
import type { SourceId } from "../source/source.js";
import type { SourceInput } from "../source/source-input.js";
import type { IndexView } from "./index-view.js";
import type { SourceRecord, SyncOptions, SyncReport } from "./sync.js";

/** Options of calls that write. */
export interface WriteOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Options of calls that read a source past its access list. */
export interface ReadSourceOptions {
  readonly signal?: AbortSignal | undefined;
}

/** What may be changed of a source without reading it again. */
export interface SourceChange {
  /** Replaces the metadata. */
  readonly metadata?: Metadata | undefined;
  /** Replaces the access list; null takes it away. */
  readonly access?: readonly string[] | null | undefined;
}

/**
 * Holds passages of many scopes. Searching needs a scope: see {@link Index.in}.
 *
 * `erase` is {@link Index.remove} that leaves no trace: passages, texts, terms, names and vectors go from every leg and
 * from the disk, and with them cached vectors that no other source needs (of earlier versions, too). Like `remove` it
 * heeds no access list.
 */
export interface Index extends Erasable {
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
  /**
   * All passages of a source of the tenant, in their order, whoever may see them: for those who are about to erase it.
   * Empty for a source that is not there.
   */
  passagesOf(scope: Scope, id: SourceId, options?: ReadSourceOptions): Promise<readonly Passage[]>;
  /** Changes metadata or access without embedding anything anew. @throws ClewError `not-found` */
  setMetadata(scope: Scope, id: SourceId, change: SourceChange, options?: WriteOptions): Promise<void>;
  close(): Promise<void>;
}
