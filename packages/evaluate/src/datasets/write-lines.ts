import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** Writes lines to a new file, a few hundred at a time. */
export async function writeLines(
  path: string,
  lines: Iterable<string>,
  signal?: AbortSignal | undefined,
): Promise<void> {
  await pipeline(Readable.from(blocks(lines)), createWriteStream(path), signal === undefined ? {} : { signal });
}

function* blocks(lines: Iterable<string>): Generator<string> {
  let block: string[] = [];
  for (const line of lines) {
    block.push(line);
    if (block.length < 256) continue;
    yield `${block.join("\n")}\n`;
    block = [];
  }
  if (block.length > 0) yield `${block.join("\n")}\n`;
}
