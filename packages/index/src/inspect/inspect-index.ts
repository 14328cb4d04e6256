import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { ClewError } from "@clew/core";
import { checkDataFile } from "../store/check-data-file.js";
import type { IndexHealth } from "./index-health.js";

/** Options of {@link inspectIndex}. */
export interface InspectOptions {
  readonly signal?: AbortSignal | undefined;
}

const mostOutput = 64 << 20;

/**
 * Reads all of an index in a process of its own (a damaged file can kill whoever reads it) and says what it holds and
 * what is wrong with it. Writes nothing.
 *
 * @param path the directory of the index
 * @throws the signal's reason when it is aborted
 */
export async function inspectIndex(path: string, { signal }: InspectOptions = {}): Promise<IndexHealth> {
  signal?.throwIfAborted();
  try {
    if (!checkDataFile(path)) return { status: "missing" };
  } catch (error) {
    if (!ClewError.isInstance(error)) throw error;
    return { status: "damaged", problems: [error.message] };
  }
  const child = fileURLToPath(new URL("./inspect-child.js", import.meta.url));
  return new Promise((resolve, reject) => {
    const options = { maxBuffer: mostOutput, ...(signal === undefined ? {} : { signal }) };
    execFile(process.execPath, [child, path], options, (error, stdout, stderr) => {
      if (signal?.aborted) reject(signal.reason);
      else if (error === null) resolve(JSON.parse(stdout) as IndexHealth);
      else {
        const how = error.signal ? `was killed by ${error.signal}` : `ended with ${error.code ?? "an error"}`;
        const said = stderr.trim().split("\n").slice(-3).join(" ");
        resolve({ status: "damaged", problems: [`Reading it ${how}. ${said}`.trim()] });
      }
    });
  });
}
