import { type AccessLists, type Filter, isVisible, matchesFilter, type Scope, type SourceRecord } from "@clew/core";
import { lexicalFields } from "../segment/source-rows.js";
import type { LiveSegment, TenantState } from "./tenant-state.js";

/** Rows chosen once and shared by all legs: 1 for each that counts, a mask a segment. */
export interface Selection {
  readonly masks: readonly Uint8Array[];
  readonly size: number;
}

/** What the asker may see, with the statistics that BM25 needs. */
export interface VisibleRows extends Selection {
  /** Sources that the asker may see, by hash. */
  readonly sources: ReadonlyMap<string, SourceRecord>;
  /** Terms of the visible passages by field. */
  readonly fieldTotals: readonly number[];
}

/** The live rows of the sources that the scope's principals may see. */
export function visibleRows(state: TenantState, scope: Scope, accessLists: AccessLists): VisibleRows {
  const width = lexicalFields.length;
  const sources = new Map<string, SourceRecord>();
  for (const [hash, { record }] of state.sources)
    if (isVisible(record.access, scope, accessLists)) sources.set(hash, record);
  const fieldTotals = lexicalFields.map(() => 0);
  let size = 0;
  const masks = state.segments.map(({ segment, dead }) => {
    const seen = segment.sources.map((hash) => sources.has(hash));
    const mask = new Uint8Array(segment.size);
    for (let row = 0; row < segment.size; row++) {
      if (dead?.[row] === 1 || !seen[segment.owners[row]!]) continue;
      mask[row] = 1;
      size++;
      for (let field = 0; field < width; field++) fieldTotals[field]! += segment.fieldLengths[row * width + field]!;
    }
    return mask;
  });
  return { masks, size, sources, fieldTotals };
}

/** The visible rows that match a checked filter. */
export function matchingRows(state: TenantState, visible: VisibleRows, filter: Filter): Selection {
  const byPage = namesField(filter, "page");
  let size = 0;
  const masks = state.segments.map(({ segment }: LiveSegment, index) => {
    const seen = visible.masks[index]!;
    const records = segment.sources.map((hash) => visible.sources.get(hash));
    const verdicts = byPage ? [] : records.map((record) => record !== undefined && matches(filter, record, 0));
    return seen.map((isSeen, row) => {
      if (isSeen === 0) return 0;
      const owner = segment.owners[row]!;
      const verdict = byPage ? matches(filter, records[owner]!, segment.pages[row]!) : verdicts[owner]!;
      if (verdict) size++;
      return verdict ? 1 : 0;
    });
  });
  return { masks, size };
}

const matches = (filter: Filter, { id, title, uri, metadata }: SourceRecord, page: number): boolean =>
  matchesFilter(filter, { source: id, title, uri, page: page === 0 ? undefined : page, ...metadata });

function namesField(filter: Filter, name: string): boolean {
  return Object.entries(filter).some(([key, value]) => {
    if (key === name) return true;
    if (key === "$not") return namesField(value as Filter, name);
    return (key === "$and" || key === "$or") && (value as readonly Filter[]).some((part) => namesField(part, name));
  });
}
