import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { ClewError, checkKeys, readFeedback, type TraceCheck, verifyTraceInSlices } from "@clew/core";
import { stored } from "./storage-failure.js";
import { chainEnd, namesIn, readFeedbackFiles, readTexts, textsPath } from "./trace-files.js";

/** Options of {@link verifyTraceFiles}. */
export interface VerifyFilesOptions {
  /** The root that was kept elsewhere; for one file alone. */
  readonly root?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A chain that was checked, with the texts and the feedback that lie beside it. */
export interface VerifiedFile {
  /** Path of the chain. */
  readonly path: string;
  readonly check: TraceCheck;
  /** Times that something was said of the answer. */
  readonly feedback: number;
}

/**
 * Checks a chain of `fileTraces` with its texts and feedback, byte by byte; of a folder, all that are in it or below.
 *
 * @throws ClewError `not-found` where there is no chain; `invalid-option` for a root of a folder; `storage-failed`
 */
export async function verifyTraceFiles(path: string, options: VerifyFilesOptions = {}): Promise<VerifiedFile[]> {
  checkKeys("verifyTraceFiles", options, ["root", "signal"]);
  const { root, signal } = options;
  return stored("Reading the record", async () => {
    const found = await chainsAt(path, signal);
    if (found.length === 0)
      throw new ClewError("not-found", `There is no trace at ${path}: name a .jsonl file or a folder.`);
    if (root !== undefined && found.length > 1) {
      throw new ClewError(
        "invalid-option",
        `A root is of one trace, and ${path} holds ${found.length}: name its file.`,
      );
    }
    const checked: VerifiedFile[] = [];
    for (const chain of found) {
      signal?.throwIfAborted();
      checked.push(await verifyFile(chain, root, signal));
    }
    return checked;
  });
}

async function verifyFile(
  path: string,
  root: string | undefined,
  signal: AbortSignal | undefined,
): Promise<VerifiedFile> {
  const bytes = await readFile(path);
  const chain = await verifyTraceInSlices(bytes, { root, signal });
  if (chain.code === "damaged") return { path, check: chain, feedback: 0 };
  try {
    const texts = await readTexts(textsPath(path, chain.root));
    const check = await verifyTraceInSlices(bytes, { root, texts, signal });
    const said = readFeedback(await readFeedbackFiles(path), chain.root);
    return { path, check, feedback: said.length };
  } catch (error) {
    if (!ClewError.isInstance(error) || error.code !== "trace-damaged") throw error;
    return { path, check: { code: "damaged", what: "text-altered", message: error.message }, feedback: 0 };
  }
}

async function chainsAt(path: string, signal: AbortSignal | undefined): Promise<string[]> {
  signal?.throwIfAborted();
  const { isFolder, isFile } = await stat(path).then(
    (found) => ({ isFolder: found.isDirectory(), isFile: found.isFile() }),
    (cause: unknown) => {
      throw new ClewError("not-found", `There is nothing at ${path}.`, { cause });
    },
  );
  if (isFile) return [path];
  if (!isFolder) return [];
  const found: string[] = [];
  for (const name of await namesIn(path)) {
    const below = join(path, name);
    if (name.endsWith(chainEnd)) found.push(below);
    else if (/^[0-9a-f]{32}$/.test(name)) found.push(...(await chainsAt(below, signal)));
  }
  return found;
}
