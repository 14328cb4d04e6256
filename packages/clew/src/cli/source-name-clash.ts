import { stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { note, type SourceInput, type SourceRecord } from "@clew/core";

/**
 * An index that several folders share knows sources by their path in their folder: a file must not silently take the
 * place of one of the same name elsewhere.
 *
 * @returns the source as failed, with the reason, when another file that still exists has its id; otherwise undefined
 */
export async function sourceNameClash(
  id: string,
  target: string,
  stored: Pick<SourceRecord, "uri"> | undefined,
): Promise<SourceInput | undefined> {
  if (!stored?.uri?.startsWith("file:")) return undefined;
  const holder = fileURLToPath(stored.uri);
  if (holder === target || !(await isFile(holder)) || (await isSame(holder, target))) return undefined;
  const message = `the index already holds another file as "${id}": ${holder}. Index both folders in one command, or give each an --index of its own.`;
  return { id, failed: note("source-failed", message, { source: id, held: holder }) };
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false; // gone, so its id is free; a file that cannot be looked at cannot be cited either
  }
}

async function isSame(one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all([stat(one), stat(other)]);
  return first.ino === second.ino && first.dev === second.dev;
}
