import type { SourceRecord } from "../../index/sync.js";
import type { Passage } from "../../source/passage.js";
import type { SourceId } from "../../source/source.js";
import type { SourceText } from "../../source/source-text.js";

/** A source with all that is derived from it. */
export interface StoredSource {
  readonly record: SourceRecord;
  readonly text: SourceText;
  readonly passages: readonly Passage[];
  /** One a passage; empty without an embedder. */
  readonly vectors: readonly Float32Array[];
}

/** One generation of a tenant. Never changed: writing makes the next one, so a snapshot is a reference. */
export interface TenantState {
  readonly generation: number;
  readonly sources: ReadonlyMap<SourceId, StoredSource>;
  /** Vectors by the exact string embedded. */
  readonly cache: ReadonlyMap<string, Float32Array>;
}

/** A tenant that holds nothing yet. */
export const emptyTenant: TenantState = { generation: 0, sources: new Map(), cache: new Map() };

/** The next generation of a tenant, with one source put in or some taken out. */
export function writeSources(
  { generation, sources, cache }: TenantState,
  change: { readonly put?: StoredSource; readonly remove?: readonly SourceId[]; readonly cache?: TenantState["cache"] },
): TenantState {
  const next = new Map(sources);
  for (const id of change.remove ?? []) next.delete(id);
  if (change.put !== undefined) next.set(change.put.record.id, change.put);
  return { generation: generation + 1, sources: next, cache: change.cache ?? cache };
}
