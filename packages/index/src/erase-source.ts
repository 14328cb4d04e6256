import { type ErasedPlace, type EraseRequest, type Note, note } from "@clew/core";
import { getJson, putJson } from "./records/json-record.js";
import { erasuresKey, type TenantKeys } from "./records/keys.js";
import type { Store } from "./store/store.js";
import { removeUnneededVectors } from "./sync/unneeded-vectors.js";
import { removeSources } from "./sync/write-sources.js";

/** How long an erasure waits for readers that began before it, in milliseconds. */
const readerWaitMs = 10_000;

/** Options of {@link eraseSource}. */
export interface EraseSourceOptions {
  store: Store;
  keys: TenantKeys;
  tenant: string;
  /** As the user knows it, for notes. */
  name: string;
  request: EraseRequest;
  /** @default 10 s */
  waitMs?: number | undefined;
}

/**
 * Removes a source from every leg, removes vectors that no other source needs, and overwrites what the store's files
 * still hold of either. Done again after it was cut off, it finishes; see decision 0019.
 */
export async function eraseSource(options: EraseSourceOptions): Promise<readonly ErasedPlace[]> {
  const { store, keys, tenant, name, waitMs = readerWaitMs } = options;
  const { source, signal } = options.request;
  const { removed, passages } = store.write((writer) => removeSources(writer, keys, tenant, [source]));
  const vectors = await removeUnneededVectors(store, keys, signal);
  // a store keeps its last two states whole: neither may be one that had the source
  for (let commit = 0; commit < 2; commit++) {
    store.write((writer) => putJson(writer, erasuresKey, (getJson<number>(writer, erasuresKey) ?? 0) + 1));
  }
  const { bytes, heldBy } = await store.scrub({ waitMs, signal });
  const notes: Note[] = heldBy.length === 0 ? [] : [held(name, heldBy)];
  return [
    { place: "index", removed: { sources: removed.length, passages }, notes, detail: { bytesOverwritten: bytes } },
    { place: "vector-cache", removed: { vectors }, notes: [] },
  ];
}

const held = (name: string, processes: readonly number[]): Note =>
  note(
    "not-erased",
    `The source can no longer be found, but bytes of it stay in the files of the index at ${name} while a search that ` +
      `began before is open (processes ${processes.join(", ")}). Let it end, or end the process, and erase again.`,
    { processes: [...processes] },
  );
