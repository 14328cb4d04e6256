import { randomUUID } from "node:crypto";
import { rename, rm } from "node:fs/promises";

/**
 * Writes at a path beside the one that is meant, and renames: who looks sees the whole or nothing. What was begun is
 * removed when writing fails.
 */
export async function writeBeside(path: string, write: (beside: string) => Promise<void>): Promise<void> {
  const beside = `${path}.${randomUUID().slice(0, 8)}.part`;
  try {
    await write(beside);
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { recursive: true, force: true });
    throw error;
  }
}
