import { ClewError } from "@clew/core";
import type { HeldReader, Store, StoreReader } from "./store.js";

/** A {@link Store} that lives in this process and ends with it. */
export function memoryStore(): Store {
  const entries = new Map<string, Uint8Array>();
  /** Of each held reader: what the keys written since it began held before. */
  const held = new Set<Map<string, Uint8Array | undefined>>();
  let closed = false;

  const assertOpen = (): void => {
    if (closed) throw new ClewError("closed", "The index was closed; open it again.");
  };

  const through = (before: ReadonlyMap<string, Uint8Array | undefined>): StoreReader => {
    const get = (key: string): Uint8Array | undefined => (before.has(key) ? before.get(key) : entries.get(key));
    return {
      get,
      *range(prefix) {
        const keys = new Set([...entries.keys(), ...before.keys()].filter((key) => key.startsWith(prefix)));
        for (const key of [...keys].sort()) {
          const value = get(key);
          if (value !== undefined) yield [key, value];
        }
      },
    };
  };

  return {
    readOnly: false,
    reader: (): HeldReader => {
      assertOpen();
      const before = new Map<string, Uint8Array | undefined>();
      held.add(before);
      return { ...through(before), done: () => held.delete(before) };
    },
    write: (work) => {
      assertOpen();
      const changes = new Map<string, Uint8Array | undefined>();
      const result = work({
        ...through(changes),
        put: (key, value) => changes.set(key, new Uint8Array(value)),
        remove: (key) => changes.set(key, undefined),
      });
      for (const [key, value] of changes) {
        for (const before of held) if (!before.has(key)) before.set(key, entries.get(key));
        if (value === undefined) entries.delete(key);
        else entries.set(key, value);
      }
      return result;
    },
    scrub: async ({ signal }) => {
      assertOpen();
      signal?.throwIfAborted();
      return { bytes: 0, heldBy: [] };
    },
    close: async () => {
      closed = true;
    },
  };
}
