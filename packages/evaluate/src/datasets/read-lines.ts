import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { ClewError } from "@clew/core";

/** A line that is not blank, and where it stands, for messages. */
export interface ReadLine {
  readonly line: string;
  /** `path, line 7`, counted from 1, blank lines included. */
  readonly where: string;
}

/**
 * The lines of a UTF-8 file that are not blank; a byte order mark is dropped.
 *
 * @throws ClewError `not-found` when there is no such file; the signal's reason when aborted
 */
export async function* readLines(path: string, signal?: AbortSignal | undefined): AsyncGenerator<ReadLine> {
  signal?.throwIfAborted();
  const input = createReadStream(path, "utf8");
  let number = 0;
  try {
    // readline alone loses an error that comes before its first line
    await new Promise((resolve, reject) => input.once("open", resolve).once("error", reject));
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      signal?.throwIfAborted();
      number += 1;
      const text = number === 1 ? line.replace(/^\uFEFF/, "") : line;
      if (text.trim() !== "") yield { line: text, where: `${path}, line ${number}` };
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw cause;
    throw new ClewError("not-found", `${path} does not exist.`, { cause });
  } finally {
    input.destroy();
  }
}
