import { appendFile, mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { ClewError } from "@clew/core";
import type { ContextCache } from "./context-cache.js";

/**
 * A {@link ContextCache} in a file of JSON lines that only grows: read when it is first asked, each context appended as it
 * comes, so that a sync that was killed pays for nothing twice. A line that a crash left unfinished is passed over. It
 * holds what a model said of documents: readable by its owner alone. One writer at a time; the directory is made.
 *
 * @throws ClewError `storage-failed`, when it is used, where the file can be neither read nor written
 */
export function contextFile(path: string): ContextCache {
  let loaded: Promise<Map<string, string>> | undefined;
  let writing: Promise<void> = Promise.resolve();
  /** Ends a line that a crash left open. */
  let before = "";

  const load = async (): Promise<Map<string, string>> => {
    const contexts = new Map<string, string>();
    const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === "ENOENT") return "";
      throw new ClewError("storage-failed", `The context file ${path} cannot be read. Check its rights.`, { cause });
    });
    for (const line of text.split("\n")) {
      const entry = entryOf(line);
      if (entry !== undefined) contexts.set(...entry);
    }
    if (text !== "" && !text.endsWith("\n")) before = "\n";
    return contexts;
  };
  const contexts = (): Promise<Map<string, string>> => {
    loaded ??= load();
    return loaded;
  };

  return {
    get: async (key) => (await contexts()).get(key),
    set: async (key, context) => {
      const kept = await contexts();
      const write = writing.then(async () => {
        await mkdir(dirname(path), { recursive: true });
        await appendFile(path, `${before}${JSON.stringify([key, context])}\n`, { mode: 0o600 });
        before = "";
        kept.set(key, context);
      });
      writing = write.catch(() => undefined); // told to its own caller; the next one tries again
      await write.catch((cause: unknown) => {
        throw new ClewError(
          "storage-failed",
          `The context file ${path} cannot be written. Check its rights and the disk.`,
          {
            cause,
          },
        );
      });
    },
  };
}

function entryOf(line: string): [key: string, context: string] | undefined {
  if (line === "") return undefined;
  try {
    const entry: unknown = JSON.parse(line);
    return Array.isArray(entry) && typeof entry[0] === "string" && typeof entry[1] === "string"
      ? [entry[0], entry[1]]
      : undefined;
  } catch {
    // half a line: its context is asked for again
    return undefined;
  }
}
