import { ClewError } from "@clew/core";
import { ABORT, open, type RootDatabase } from "lmdb";
import { checkDataFile } from "./check-data-file.js";
import { damaged } from "./damaged.js";
import { type HeldState, scrubFile } from "./scrub-file.js";
import type { Store, StoreReader, StoreWriter } from "./store.js";

/** Options of {@link lmdbStore}. */
export interface LmdbStoreOptions {
  /** Directory of the environment; made when it is not there. */
  path: string;
  readOnly: boolean;
}

const maxReaders = 1024;

/**
 * A {@link Store} in one LMDB environment. Every commit is flushed to disk before `write` returns; a killed process
 * leaves the state of before or after it. Writers of several processes wait for one another.
 *
 * @throws ClewError `index-damaged`, `not-found` (read only, and nothing there), `storage-failed`
 */
export function lmdbStore({ path, readOnly }: LmdbStoreOptions): Store {
  const exists = checkDataFile(path);
  if (readOnly && !exists) {
    throw new ClewError("not-found", `There is no index at ${path}; sync into it first, or open it without readOnly.`);
  }
  let database: RootDatabase<Buffer, Buffer> | undefined = openAt(path, readOnly);

  const opened = (): RootDatabase<Buffer, Buffer> => {
    if (database === undefined) throw new ClewError("closed", "The index was closed; open it again.");
    return database;
  };

  return {
    readOnly,
    reader: () => {
      const from = opened();
      const transaction = from.useReadTransaction();
      let isDone = false;
      const assertHeld = (): void => {
        if (isDone) throw new ClewError("closed", "The snapshot has ended with its read; search inside of it.");
        opened();
      };
      return {
        get: (key) => {
          assertHeld();
          return guard(path, () => from.get(keyOf(key), { transaction }));
        },
        *range(prefix) {
          assertHeld();
          for (const { key, value } of from.getRange({ ...boundsOf(prefix), transaction })) {
            yield [key.toString("latin1"), value];
            assertHeld();
          }
        },
        done: () => {
          if (isDone) return;
          isDone = true;
          transaction.done();
        },
      };
    },

    write: (work) => {
      const to = opened();
      const thrown: { error?: unknown } = {};
      try {
        return to.transactionSync(() => {
          try {
            return work(writerOf(to));
          } catch (error) {
            thrown.error = error;
            throw error;
          }
        });
      } catch (error) {
        if ("error" in thrown && thrown.error === error && ClewError.isInstance(error)) throw error;
        throw storageFailed(path, error);
      }
    },

    scrub: ({ waitMs, signal }) =>
      scrubFile({
        path,
        waitMs,
        signal,
        locked: (work) => withLock(opened(), work),
        readers: () => heldStates(opened()),
      }),

    close: async () => {
      const closing = database;
      database = undefined;
      await closing?.close();
    },
  };
}

function openAt(path: string, readOnly: boolean): RootDatabase<Buffer, Buffer> {
  try {
    return open<Buffer, Buffer>({
      path,
      readOnly,
      noSubdir: false,
      encoding: "binary",
      keyEncoding: "binary",
      // every commit is on disk before it returns
      overlappingSync: false,
      maxReaders,
    });
  } catch (cause) {
    throw new ClewError("storage-failed", `The index at ${path} could not be opened: ${messageOf(cause)}`, { cause });
  }
}

/** Runs work under the lock of a transaction that writes nothing. */
function withLock<T>(database: RootDatabase<Buffer, Buffer>, work: () => T): T {
  const done: { result?: T } = {};
  database.transactionSync(() => {
    done.result = work();
    return ABORT;
  });
  return done.result as T;
}

/** Readers of all processes that hold a state, without those of processes that died. */
function heldStates(database: RootDatabase<Buffer, Buffer>): HeldState[] {
  database.readerCheck();
  // one line a reader: process, thread, transaction or "-"
  return [...database.readerList().matchAll(/^\s*(\d+)\s+\S+\s+(\d+)\s*$/gm)].map(([, process, transaction]) => ({
    process: Number(process),
    transaction: Number(transaction),
  }));
}

const writerOf = (database: RootDatabase<Buffer, Buffer>): StoreWriter => ({
  ...readerOf(database),
  put: (key, value) => database.putSync(keyOf(key), Buffer.from(value.buffer, value.byteOffset, value.byteLength)),
  remove: (key) => database.removeSync(keyOf(key)),
});

const readerOf = (database: RootDatabase<Buffer, Buffer>): StoreReader => ({
  get: (key) => database.get(keyOf(key)),
  *range(prefix) {
    for (const { key, value } of database.getRange(boundsOf(prefix))) yield [key.toString("latin1"), value];
  },
});

const keyOf = (key: string): Buffer => Buffer.from(key, "latin1");
const boundsOf = (prefix: string): { start: Buffer; end: Buffer } => ({
  start: keyOf(prefix),
  end: keyOf(`${prefix}\u00ff`),
});

function guard<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (ClewError.isInstance(cause)) throw cause;
    throw damaged(path, messageOf(cause), cause);
  }
}

const storageFailed = (path: string, cause: unknown): ClewError =>
  new ClewError(
    "storage-failed",
    `Writing to the index at ${path} failed (${messageOf(cause)}). What was there before is untouched; ` +
      "check that the disk has room and that the directory may be written to, then sync again.",
    { cause },
  );

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
