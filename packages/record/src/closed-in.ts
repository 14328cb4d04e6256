import { open } from "node:fs/promises";
import { ClewError, parseLastLine } from "@clew/core";
import { decoded } from "./exact-json.js";
import { ifThere } from "./storage-failure.js";

/** Bytes of a chain's end that are read at first: a closing line is rarely longer. */
const endLength = 4096;

/** The run of a chain, and when it was closed, by its last line alone; undefined where there is no such file. */
export async function closedIn(chain: string): Promise<{ readonly run: string; readonly at: number } | undefined> {
  const file = await ifThere(open(chain, "r"));
  if (file === undefined) return undefined;
  try {
    const { size } = await file.stat();
    for (let length = endLength; ; length *= 8) {
      const from = Math.max(0, size - length);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
      const bytes = buffer.subarray(0, bytesRead);
      const begin = bytes.lastIndexOf(0x0a, bytes.length - 2) + 1;
      if (begin === 0 && from > 0) continue;
      const line = parseLastLine(decoded(bytes.subarray(begin)));
      if (line !== undefined) return line;
      throw new ClewError("trace-damaged", "A trace has no closing line: its end is missing.");
    }
  } finally {
    await file.close();
  }
}
