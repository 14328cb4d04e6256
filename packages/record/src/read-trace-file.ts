import { ClewError, checkKeys, type Trace } from "@clew/core";
import { stored } from "./storage-failure.js";
import { chainEnd, readTrace } from "./trace-files.js";

/** Options of {@link readTraceFile}. */
export interface ReadTraceFileOptions {
  readonly signal?: AbortSignal | undefined;
}

/**
 * The trace of a chain of `fileTraces`, with the texts that lie beside it.
 *
 * @throws ClewError `not-found` where there is no chain; `trace-damaged` where its form is not one; `storage-failed`
 */
export async function readTraceFile(path: string, options: ReadTraceFileOptions = {}): Promise<Trace> {
  checkKeys("readTraceFile", options, ["signal"]);
  const { signal } = options;
  return stored("Reading the record", async () => {
    signal?.throwIfAborted();
    const trace = path.endsWith(chainEnd) ? await readTrace(path) : undefined;
    if (trace === undefined) throw new ClewError("not-found", `There is no trace at ${path}: name a .jsonl file.`);
    return trace;
  });
}
