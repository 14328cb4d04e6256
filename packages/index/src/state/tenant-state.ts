import type { SourceRecord } from "@clew/core";
import type { Segment } from "../segment/segment.js";

/** A source as the search structures know it. */
export interface SourceEntry {
  readonly record: SourceRecord;
  /** Where its rows are; absent for a source without passages. */
  readonly segment?: Segment | undefined;
  /** Its first row there; the others follow. */
  readonly first: number;
}

/** A segment with its deletions. */
export interface LiveSegment {
  readonly segment: Segment;
  /** 1 for each row that is deleted; absent for none. */
  readonly dead?: Uint8Array | undefined;
  readonly deadRows: number;
}

/** One generation of a tenant in memory. Never changed; the next generation shares what it did not touch. */
export interface TenantState {
  readonly generation: number;
  /** By hash of the source's id. */
  readonly sources: ReadonlyMap<string, SourceEntry>;
  readonly segments: readonly LiveSegment[];
}

/** A tenant that holds nothing. */
export const emptyState: TenantState = { generation: 0, sources: new Map(), segments: [] };
