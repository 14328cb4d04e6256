import { open, readFile, stat, unlink } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { ClewError } from "@clew/core";
import { codeOf, ifThere } from "./storage-failure.js";

const patienceMs = 30_000;
/** A lock that stays empty for so long was made by a process that died before it could write its name. */
const emptyMs = 2000;

/**
 * Erases in a tenant's folder while nobody else does: two that rewrite one file would each put back what the other took out.
 * The lock of a process of this machine that has died is taken over.
 *
 * @throws ClewError `storage-failed` where another process goes on erasing for half a minute
 */
export async function erasing(
  folder: string,
  signal: AbortSignal | undefined,
  work: () => Promise<void>,
): Promise<void> {
  if ((await ifThere(stat(folder))) === undefined) return;
  const lock = join(folder, "erasing.lock");
  const own = JSON.stringify({ pid: process.pid, host: hostname() });
  for (let waited = 0; ; waited += 20) {
    signal?.throwIfAborted();
    try {
      const file = await open(lock, "wx", 0o600);
      await file.writeFile(own);
      await file.close();
      break;
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
    }
    if (await isLeft(lock)) await ifThere(unlink(lock));
    else if (waited >= patienceMs) {
      throw new ClewError(
        "storage-failed",
        `Another process erases in ${folder}: wait for it, or delete erasing.lock.`,
      );
    } else await wait(20, undefined, signal === undefined ? {} : { signal });
  }
  try {
    await work();
  } finally {
    await ifThere(unlink(lock));
  }
}

/** Whether the process that holds a lock is gone. */
async function isLeft(lock: string): Promise<boolean> {
  const text = await ifThere(readFile(lock, "utf8"));
  if (text === undefined) return false;
  if (text === "") {
    const made = await ifThere(stat(lock));
    return made !== undefined && Date.now() - made.mtimeMs > emptyMs;
  }
  const { pid, host } = JSON.parse(text) as { pid: number; host: string };
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return codeOf(error) === "ESRCH";
  }
}
