import { ClewError, type SourceRecord } from "@clew/core";
import { getJson, parseJson } from "../records/json-record.js";
import type { TenantKeys } from "../records/keys.js";
import { unseal } from "../records/seal.js";
import type { LogEntry, StoredSource } from "../records/stored-records.js";
import { decodeRows } from "../segment/rows-codec.js";
import type { Segment } from "../segment/segment.js";
import { type FieldWeights, SegmentBuilder } from "../segment/segment-builder.js";
import type { StoreReader } from "../store/store.js";
import { type Pacer, pacer } from "./pacer.js";
import { emptyState, type LiveSegment, type SourceEntry, type TenantState } from "./tenant-state.js";

/** A segment that is smaller than this share of the next smaller ones together is not worth keeping apart. */
const mergeFactor = 2;
/** More changed sources than this share of all: reading everything anew is cheaper. */
const rebuildShare = 0.5;

/** Options of {@link refreshState}. */
export interface RefreshOptions {
  state: TenantState;
  reader: StoreReader;
  keys: TenantKeys;
  weights: FieldWeights;
}

/** Generation of a tenant as the reader sees it. */
export const storedGeneration = (reader: StoreReader, keys: TenantKeys): number =>
  getJson<number>(reader, keys.all("generation")) ?? 0;

/**
 * Brings a state to the generation that the reader sees, reading only the sources that changed since.
 *
 * @throws ClewError `index-damaged`
 */
export async function refreshState({ state, reader, keys, weights }: RefreshOptions): Promise<TenantState> {
  const generation = storedGeneration(reader, keys);
  if (generation === state.generation) return state;
  const pace = pacer();
  const changes = changesSince(state, generation, reader, keys);
  if (changes === undefined) return loadAll(generation, reader, keys, weights, pace);

  const sources = new Map(state.sources);
  const deadRows = new Map<Segment, Uint8Array>();
  const bury = (hash: string): void => {
    const entry = sources.get(hash);
    if (entry === undefined) return;
    sources.delete(hash);
    if (entry.segment === undefined) return;
    let dead = deadRows.get(entry.segment);
    if (dead === undefined) {
      const before = state.segments.find(({ segment }) => segment === entry.segment)?.dead;
      dead = before?.slice() ?? new Uint8Array(entry.segment.size);
      deadRows.set(entry.segment, dead);
    }
    dead.fill(1, entry.first, entry.first + entry.record.passages);
  };

  const builder = new SegmentBuilder(weights);
  const fresh: [string, SourceRecord][] = [];
  for (const hash of [...changes].sort()) {
    const stored = getJson<StoredSource>(reader, keys.one("source", hash));
    const entry = sources.get(hash);
    const known = entry !== undefined && stored !== undefined && stored.written <= state.generation;
    if (known) sources.set(hash, { ...entry, record: stored.record });
    else {
      bury(hash);
      if (stored !== undefined) {
        addRows(builder, hash, stored.record, reader, keys);
        fresh.push([hash, stored.record]);
      }
    }
    await pace.pace();
  }
  const segments = state.segments
    .map(({ segment, dead, deadRows: before }): LiveSegment => {
      const now = deadRows.get(segment);
      return now === undefined
        ? { segment, dead, deadRows: before }
        : { segment, dead: now, deadRows: now.reduce((sum, row) => sum + row, 0) };
    })
    .filter(({ segment, deadRows }) => deadRows < segment.size);
  const added: LiveSegment[] = builder.size > 0 ? [{ segment: await builder.finish(pace), deadRows: 0 }] : [];
  const grown = placed({ generation, sources, segments: [...segments, ...added] }, added, new Map(fresh));
  return merged(grown, weights, pace);
}

/** Hashes of the sources that changed; undefined when all has to be read. */
function changesSince(
  { generation: from, sources }: TenantState,
  to: number,
  reader: StoreReader,
  keys: TenantKeys,
): ReadonlySet<string> | undefined {
  if (from === 0 || from > to) return undefined;
  const changes = new Set<string>();
  for (let generation = from + 1; generation <= to; generation++) {
    const entry = getJson<LogEntry>(reader, keys.log(generation));
    if (entry === undefined) return undefined;
    for (const hash of [...(entry.put ?? []), ...(entry.removed ?? []), ...(entry.changed ?? [])]) changes.add(hash);
    if (changes.size > sources.size * rebuildShare + 16) return undefined;
  }
  return changes;
}

async function loadAll(
  generation: number,
  reader: StoreReader,
  keys: TenantKeys,
  weights: FieldWeights,
  pace: Pacer,
): Promise<TenantState> {
  const prefix = keys.all("source");
  const builder = new SegmentBuilder(weights);
  const records = new Map<string, SourceRecord>();
  for (const [key, value] of reader.range(prefix)) {
    const hash = key.slice(prefix.length);
    const { record } = parseJson<StoredSource>(key, value);
    records.set(hash, record);
    addRows(builder, hash, record, reader, keys);
    await pace.pace();
  }
  const segments = [{ segment: await builder.finish(pace), deadRows: 0 }];
  return placed({ ...emptyState, generation, segments }, segments, records);
}

function addRows(
  builder: SegmentBuilder,
  hash: string,
  record: SourceRecord,
  reader: StoreReader,
  keys: TenantKeys,
): void {
  const key = keys.one("rows", hash);
  const value = reader.get(key);
  if (value === undefined) {
    throw new ClewError(
      "index-damaged",
      `The index is damaged: source "${record.id}" has no rows. Delete its directory and sync again, or put back a copy of it.`,
    );
  }
  builder.add(hash, decodeRows(unseal(key, value)));
}

/** Gives the sources of segments that are new their places, and records that are new. */
function placed(
  state: TenantState,
  moved: readonly LiveSegment[],
  records: ReadonlyMap<string, SourceRecord>,
): TenantState {
  const sources = new Map<string, SourceEntry>(state.sources);
  for (const { segment, dead } of moved) {
    for (let row = 0; row < segment.size; row++) {
      if (segment.ordinals[row] !== 0 || dead?.[row] === 1) continue;
      const hash = segment.sources[segment.owners[row]!]!;
      const record = records.get(hash) ?? sources.get(hash)?.record;
      if (record !== undefined) sources.set(hash, { record, segment, first: row });
    }
  }
  // a source without passages has no row
  for (const [hash, record] of records) if (record.passages === 0) sources.set(hash, { record, first: 0 });
  return { ...state, sources };
}

/** Merges the youngest segments while they are of similar size, so that there are never more than a few. */
async function merged(state: TenantState, weights: FieldWeights, pace: Pacer): Promise<TenantState> {
  const segments = [...state.segments].sort((a, b) => liveRows(b) - liveRows(a));
  let from = segments.length;
  let size = 0;
  while (from > 0 && (from === segments.length || liveRows(segments[from - 1]!) <= size * mergeFactor)) {
    from--;
    size += liveRows(segments[from]!);
  }
  const young = segments.slice(from);
  const worthIt = young.length > 1 || young.some(({ deadRows, segment }) => deadRows * 2 > segment.size);
  if (!worthIt) return state;
  const builder = new SegmentBuilder(weights);
  for (const { segment, dead } of young) {
    const kept = new Set<string>();
    for (let row = 0; row < segment.size; row++) {
      if (dead?.[row] !== 1) kept.add(segment.sources[segment.owners[row]!]!);
    }
    await builder.addSegment(segment, (hash) => kept.has(hash), pace);
  }
  const merge = { segment: await builder.finish(pace), deadRows: 0 };
  return placed({ ...state, segments: [...segments.slice(0, from), merge] }, [merge], new Map());
}

const liveRows = ({ segment, deadRows }: LiveSegment): number => segment.size - deadRows;
