import type { Store, StoreReader } from "./store.js";

/** Reads from the newest state, and lets it go again. */
export function reading<T>(store: Store, work: (reader: StoreReader) => T): T {
  const reader = store.reader();
  try {
    return work(reader);
  } finally {
    reader.done();
  }
}
