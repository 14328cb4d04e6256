import type { SourceRecord } from "@clew/core";
import { getJson, putJson } from "../records/json-record.js";
import { sourceHash, type TenantKeys } from "../records/keys.js";
import { seal } from "../records/seal.js";
import { type LogEntry, type StoredSource, type StoredText, storedPassage } from "../records/stored-records.js";
import { storedGeneration } from "../state/refresh-state.js";
import type { StoreWriter } from "../store/store.js";
import type { PreparedSource } from "./prepare-source.js";

/** Generations whose changes are remembered; a reader that is further behind reads everything. */
const remembered = 4096;

/** The next generation of a tenant, inside a transaction. */
function nextGeneration(writer: StoreWriter, keys: TenantKeys, tenant: string, entry: LogEntry): number {
  const generation = storedGeneration(writer, keys) + 1;
  if (generation === 1) putJson(writer, keys.all("name"), tenant);
  putJson(writer, keys.all("generation"), generation);
  putJson(writer, keys.log(generation), entry);
  if (generation > remembered) writer.remove(keys.log(generation - remembered));
  return generation;
}

/** A source as it is stored now. */
export const storedSource = (
  reader: Pick<StoreWriter, "get" | "range">,
  keys: TenantKeys,
  id: string,
  hash = sourceHash(id),
): StoredSource | undefined => getJson<StoredSource>(reader, keys.one("source", hash));

/** What a write did to a source's passages. */
export interface PassageChange {
  readonly isNew: boolean;
  readonly added: number;
  readonly removed: number;
  readonly kept: number;
}

/** Ids of a source's passages as stored; none for a source that is not there. */
function storedIds(
  writer: Pick<StoreWriter, "get" | "range">,
  keys: TenantKeys,
  hash: string,
  count: number,
): Set<string> {
  const ids = new Set<string>();
  for (let ordinal = 0; ordinal < count; ordinal++) {
    const stored = getJson<{ id: string }>(writer, keys.passage(hash, ordinal));
    if (stored !== undefined) ids.add(stored.id);
  }
  return ids;
}

/** How the passages of a source differ from what is stored. */
export function passageChange(
  reader: Pick<StoreWriter, "get" | "range">,
  keys: TenantKeys,
  { id, passages }: PreparedSource,
  hash = sourceHash(id),
  stored = storedSource(reader, keys, id, hash),
): PassageChange {
  const before = storedIds(reader, keys, hash, stored?.record.passages ?? 0);
  const kept = passages.filter((passage) => before.has(passage.id)).length;
  return { isNew: stored === undefined, added: passages.length - kept, removed: before.size - kept, kept };
}

/** What a source's passages are in the legs, encoded. */
export interface SourceBytes {
  readonly rows: Uint8Array;
  /** Absent in an index without a link leg. */
  readonly names: Uint8Array | undefined;
}

/** Puts one source, with its encoded rows, in the place of what was stored of it, as a generation of its own. */
export function writeSource(
  writer: StoreWriter,
  keys: TenantKeys,
  tenant: string,
  source: PreparedSource,
  { rows, names }: SourceBytes,
  syncedAt: number,
): PassageChange {
  const { id, version, text, passages } = source;
  const hash = sourceHash(id);
  const known = storedSource(writer, keys, id, hash);
  const change = passageChange(writer, keys, source, hash, known);
  const before = known?.record.passages ?? 0;
  for (let ordinal = passages.length; ordinal < before; ordinal++) writer.remove(keys.passage(hash, ordinal));
  const written = nextGeneration(writer, keys, tenant, { put: [hash] });
  const record: SourceRecord = { ...text.source, version, passages: passages.length, syncedAt };
  putJson(writer, keys.one("source", hash), { record, written } satisfies StoredSource);
  const { source: _source, ...stored } = text;
  putJson(writer, keys.one("text", hash), stored satisfies StoredText);
  for (const passage of passages) putJson(writer, keys.passage(hash, passage.ordinal), storedPassage(passage));
  const rowsKey = keys.one("rows", hash);
  writer.put(rowsKey, seal(rowsKey, rows));
  const namesKey = keys.one("names", hash);
  if (names === undefined) writer.remove(namesKey);
  else writer.put(namesKey, seal(namesKey, names));
  return change;
}

/** Removes sources that are there, as one generation. Returns how many passages each had. */
export function removeSources(
  writer: StoreWriter,
  keys: TenantKeys,
  tenant: string,
  ids: readonly string[],
): { readonly removed: string[]; readonly passages: number } {
  const removed: string[] = [];
  let passages = 0;
  for (const id of new Set(ids)) {
    const hash = sourceHash(id);
    const stored = storedSource(writer, keys, id, hash);
    if (stored === undefined) continue;
    for (const kind of ["source", "text", "rows", "names"] as const) writer.remove(keys.one(kind, hash));
    for (let ordinal = 0; ordinal < stored.record.passages; ordinal++) writer.remove(keys.passage(hash, ordinal));
    passages += stored.record.passages;
    removed.push(id);
  }
  if (removed.length > 0) nextGeneration(writer, keys, tenant, { removed: removed.map(sourceHash) });
  return { removed, passages };
}

/** Writes a source's record anew, without its passages, as one generation. */
export function writeRecord(writer: StoreWriter, keys: TenantKeys, tenant: string, stored: StoredSource): void {
  const hash = sourceHash(stored.record.id);
  nextGeneration(writer, keys, tenant, { changed: [hash] });
  putJson(writer, keys.one("source", hash), stored);
}
