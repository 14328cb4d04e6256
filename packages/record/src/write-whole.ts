import { randomUUID } from "node:crypto";
import { link, mkdir, open, rename, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { codeOf, ifThere } from "./storage-failure.js";

/** Ending of files that are being written. */
export const unfinished = ".tmp";
/** Ending of files whose bytes are being overwritten. */
export const leaving = ".old";

/** What `writeWhole` does where the file is there already. */
export type WriteMode = "replace" | "only-new";

/**
 * Writes a file whole or not at all, for its owner alone: beside its place first, down to the disk, then moved. Whatever
 * kills the process in between leaves the file as it was.
 *
 * @returns false where the file is there already and `mode` is `only-new`
 */
export async function writeWhole(path: string, text: string, mode: WriteMode): Promise<boolean> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const beside = `${path}.${randomUUID()}${unfinished}`;
  try {
    const file = await open(beside, "wx", 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    if (mode === "replace") await rename(beside, path);
    else await link(beside, path);
  } catch (error) {
    await scrub(beside);
    if (mode === "only-new" && codeOf(error) === "EEXIST") return false;
    throw error;
  }
  if (mode === "only-new") await ifThere(unlink(beside));
  await syncFolder(folder);
  return true;
}

/** Replaces a file by a shorter one, and leaves no byte of what it held: the old bytes are overwritten before they are let go. */
export async function rewriteClean(path: string, text: string | undefined): Promise<void> {
  // the old file keeps a name until it is overwritten: whoever is killed in between is finished by the next sweep
  const old = `${path}.${randomUUID()}${leaving}`;
  await link(path, old);
  if (text === undefined) await unlink(path);
  else await writeWhole(path, text, "replace");
  await scrub(old);
  await syncFolder(dirname(path));
}

/** Overwrites a file's bytes with zeros, then deletes it. One that has another name as well is only let go of. */
export async function scrub(path: string): Promise<void> {
  const file = await ifThere(open(path, "r+"));
  if (file === undefined) return;
  try {
    const { size, nlink } = await file.stat();
    if (nlink === 1 && size > 0) {
      await file.write(Buffer.alloc(size), 0, size, 0);
      await file.sync();
    }
  } finally {
    await file.close();
  }
  await ifThere(unlink(path));
}

/** Takes a file that another process may be about to move into its place, so that it no longer can, and scrubs it. */
export async function seize(path: string): Promise<void> {
  const taken = `${path}.${randomUUID()}${leaving}`;
  const isMine = await ifThere(rename(path, taken).then(() => true));
  if (isMine === true) await scrub(taken);
}

async function syncFolder(folder: string): Promise<void> {
  // some systems cannot open folders; there the move itself has to do
  const handle = await open(folder, "r").catch(() => undefined);
  try {
    await handle?.sync().catch(() => undefined);
  } finally {
    await handle?.close();
  }
}
