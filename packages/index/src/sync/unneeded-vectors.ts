import { parseJson } from "../records/json-record.js";
import type { TenantKeys } from "../records/keys.js";
import { unseal } from "../records/seal.js";
import type { LogEntry } from "../records/stored-records.js";
import { vectorKeyBytes } from "../segment/quantise.js";
import { decodeRows } from "../segment/rows-codec.js";
import { pacer } from "../state/pacer.js";
import { storedGeneration } from "../state/refresh-state.js";
import type { Store, StoreReader } from "../store/store.js";

/** Vectors that one transaction removes. */
const vectorsAtOnce = 256;
/** How often all sources are read again because more changed than the log tells. */
const tries = 3;

/**
 * Removes the cached vectors of a tenant that no source needs: those of sources that were removed, and of earlier
 * versions of others. A vector that a source of another process came to need meanwhile stays.
 *
 * @returns how many were removed
 * @throws ClewError `index-damaged`, `storage-failed`; the signal's reason
 */
export async function removeUnneededVectors(
  store: Store,
  keys: TenantKeys,
  signal: AbortSignal | undefined,
): Promise<number> {
  let removed = 0;
  for (let tried = 0; tried < tries; tried++) {
    const { needed, unneeded, generation } = await look(store, keys, signal);
    let seen = generation;
    let isKnown = true;
    for (let from = 0; from < unneeded.length && isKnown; from += vectorsAtOnce) {
      signal?.throwIfAborted();
      store.write((writer) => {
        const now = storedGeneration(writer, keys);
        isKnown = addNeeded(needed, seen, now, writer, keys);
        if (!isKnown) return;
        seen = now;
        for (const key of unneeded.slice(from, from + vectorsAtOnce)) {
          if (needed.has(hashIn(key))) continue;
          writer.remove(key);
          removed++;
        }
      });
      await new Promise(setImmediate);
    }
    if (isKnown) return removed;
  }
  return removed;
}

interface Looked {
  /** Hashes of the texts whose vectors are needed. */
  readonly needed: Set<string>;
  /** Keys of the records of the others. */
  readonly unneeded: readonly string[];
  readonly generation: number;
}

async function look(store: Store, keys: TenantKeys, signal: AbortSignal | undefined): Promise<Looked> {
  const reader = store.reader();
  const pace = pacer(signal);
  try {
    const needed = new Set<string>();
    for (const [key, value] of reader.range(keys.all("rows"))) {
      addRows(needed, key, value);
      await pace.pace();
    }
    const unneeded: string[] = [];
    for (const [key] of reader.range(keys.all("vector"))) {
      if (!needed.has(hashIn(key))) unneeded.push(key);
      await pace.pace();
    }
    return { needed, unneeded, generation: storedGeneration(reader, keys) };
  } finally {
    reader.done();
  }
}

/** Adds what generations since have written. @returns false when the log no longer tells */
function addNeeded(needed: Set<string>, from: number, to: number, reader: StoreReader, keys: TenantKeys): boolean {
  for (let generation = from + 1; generation <= to; generation++) {
    const key = keys.log(generation);
    const entry = reader.get(key);
    if (entry === undefined) return false;
    for (const hash of parseJson<LogEntry>(key, entry).put ?? []) {
      const rowsKey = keys.one("rows", hash);
      const rows = reader.get(rowsKey);
      if (rows !== undefined) addRows(needed, rowsKey, rows);
    }
  }
  return true;
}

function addRows(needed: Set<string>, key: string, value: Uint8Array): void {
  const hashes = decodeRows(unseal(key, value)).vectors?.keys;
  if (hashes === undefined) return;
  const text = Buffer.from(hashes.buffer, hashes.byteOffset, hashes.byteLength).toString("hex");
  for (let at = 0; at < text.length; at += 2 * vectorKeyBytes) needed.add(text.slice(at, at + 2 * vectorKeyBytes));
}

/** The hash at the end of a vector's key. */
const hashIn = (key: string): string => key.slice(key.lastIndexOf("/") + 1);
