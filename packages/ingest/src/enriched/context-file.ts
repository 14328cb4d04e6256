import { appendFile, link, mkdir, open, readFile, rename, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { ClewError, type Erasable } from "@clew/core";
import { type ContextCache, contextOwner } from "./context-cache.js";

/** A {@link ContextCache} that outlives its process, and can forget a source. */
export type ContextFile = ContextCache & Erasable;

/** A line: key, context, and a hash of tenant and source (files of earlier versions lack it). */
type Entry = readonly [key: string, context: string, owner?: string];

/**
 * A {@link ContextCache} in a file of JSON lines that only grows: read when it is first asked, each context appended as it
 * comes, so that a sync that was killed pays for nothing twice. A line that a crash left unfinished is passed over. It
 * holds what a model said of documents: readable by its owner alone. One writer at a time; the directory is made.
 *
 * `erase` writes the file anew without the contexts of a source, and puts it in the old one's place. Lines that do not say
 * whose they are (clew 0.1 wrote such) go with any source; they are asked for again.
 *
 * @throws ClewError `storage-failed`, when it is used, where the file can be neither read nor written
 */
export function contextFile(path: string): ContextFile {
  let loaded: Promise<Map<string, string>> | undefined;
  let writing: Promise<unknown> = Promise.resolve();
  /** Ends a line that a crash left open. */
  let before = "";

  const read = (): Promise<string> =>
    readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === "ENOENT") return "";
      throw new ClewError("storage-failed", `The context file ${path} cannot be read. Check its rights.`, { cause });
    });
  const load = async (): Promise<Map<string, string>> => {
    const text = await read();
    if (text !== "" && !text.endsWith("\n")) before = "\n";
    return contextsIn(entriesIn(text));
  };
  const contexts = (): Promise<Map<string, string>> => {
    loaded ??= load();
    return loaded;
  };
  /** One write after the other. */
  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    const mine = writing.then(work);
    writing = mine.catch(() => undefined); // told to its own caller; the next one tries again
    try {
      return await mine;
    } catch (cause) {
      if (ClewError.isInstance(cause)) throw cause;
      const message = `The context file ${path} cannot be written. Check its rights and the disk.`;
      throw new ClewError("storage-failed", message, { cause });
    }
  };

  return {
    get: async (key) => (await contexts()).get(key),
    set: async (key, context, owner) => {
      const kept = await contexts();
      await inTurn(async () => {
        await mkdir(dirname(path), { recursive: true });
        const entry: Entry = owner === undefined ? [key, context] : [key, context, owner];
        await appendFile(path, `${before}${JSON.stringify(entry)}\n`, { mode: 0o600 });
        before = "";
        kept.set(key, context);
      });
    },
    erase: async ({ tenant }, { source, signal }) => {
      signal?.throwIfAborted();
      const removed = await inTurn(async () => {
        const text = await read();
        const entries = entriesIn(text);
        const owner = contextOwner(tenant, source);
        const kept = entries.filter(([, , whose]) => whose !== undefined && whose !== owner);
        const whole = kept.map((entry) => `${JSON.stringify(entry)}\n`).join("");
        await overwrite(leaving(path));
        await overwrite(draftOf(path));
        // half a line of a crash may be of the source too
        if (whole !== text) await replace(path, whole);
        loaded = Promise.resolve(contextsIn(kept));
        before = "";
        return entries.length - kept.length;
      });
      return [{ place: "contexts", removed: { contexts: removed }, notes: [] }];
    },
  };
}

/** What is being written, and what is being overwritten; one that a crash left is seen to by the next erasure. */
const draftOf = (path: string): string => `${path}.draft`;
const leaving = (path: string): string => `${path}.old`;

/** The new text is on the disk before it takes the old one's place, and the old bytes are overwritten. */
async function replace(path: string, text: string): Promise<void> {
  const file = await open(draftOf(path), "w", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await link(path, leaving(path));
  await rename(draftOf(path), path);
  await overwrite(leaving(path));
}

/** Overwrites a file with zeros and deletes it; one that still has its other name is only let go of. */
async function overwrite(path: string): Promise<void> {
  const file = await open(path, "r+").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (file === undefined) return;
  try {
    const { size, nlink } = await file.stat();
    if (nlink === 1) {
      await file.write(Buffer.alloc(size), 0, size, 0);
      await file.sync();
    }
  } finally {
    await file.close();
  }
  await unlink(path);
}

const contextsIn = (entries: readonly Entry[]): Map<string, string> =>
  new Map(entries.map(([key, context]) => [key, context]));

const entriesIn = (text: string): Entry[] => text.split("\n").flatMap((line) => entryOf(line) ?? []);

/** A line in brackets of its own: an entry is a list. */
function entryOf(line: string): [Entry] | undefined {
  if (line === "") return undefined;
  try {
    const entry: unknown = JSON.parse(line);
    return Array.isArray(entry) && typeof entry[0] === "string" && typeof entry[1] === "string"
      ? [typeof entry[2] === "string" ? [entry[0], entry[1], entry[2]] : [entry[0], entry[1]]]
      : undefined;
  } catch {
    // half a line: its context is asked for again
    return undefined;
  }
}
