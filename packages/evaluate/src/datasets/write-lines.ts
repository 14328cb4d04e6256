import { open } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** Writes lines to a new file, a few hundred at a time. */
export async function writeLines(
  path: string,
  lines: Iterable<string>,
  signal?: AbortSignal | undefined,
): Promise<void> {
  // opened first: a stream that fails at once would make the file after its caller has cleaned up
  const file = await open(path, "w");
  await pipeline(Readable.from(blocks(lines)), file.createWriteStream(), signal === undefined ? {} : { signal });
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
