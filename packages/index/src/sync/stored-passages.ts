import { ClewError, type Passage, type SourceId } from "@clew/core";
import { getJson } from "../records/json-record.js";
import { sourceHash, type TenantKeys } from "../records/keys.js";
import { type StoredPassage, toPassage } from "../records/stored-records.js";
import { pacer } from "../state/pacer.js";
import type { Store } from "../store/store.js";
import { storedSource } from "./write-sources.js";

/** All passages of a source as they are stored now, in their order. @throws ClewError `index-damaged`; the signal's reason */
export async function storedPassages(
  store: Store,
  keys: TenantKeys,
  id: SourceId,
  signal: AbortSignal | undefined,
): Promise<readonly Passage[]> {
  signal?.throwIfAborted();
  const reader = store.reader();
  const pace = pacer(signal);
  try {
    const hash = sourceHash(id);
    const record = storedSource(reader, keys, id, hash)?.record;
    const passages: Passage[] = [];
    for (let ordinal = 0; ordinal < (record?.passages ?? 0); ordinal++) {
      const stored = getJson<StoredPassage>(reader, keys.passage(hash, ordinal));
      if (record === undefined || stored === undefined) {
        throw new ClewError(
          "index-damaged",
          `The index is damaged: source "${id}" has no passage ${ordinal}. Delete its directory and sync again, or put back a copy of it.`,
        );
      }
      passages.push(toPassage(stored, ordinal, record));
      await pace.pace();
    }
    return passages;
  } finally {
    reader.done();
  }
}
