import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** Bytes that the files below a folder take on the disk, holes left out. */
export async function folderSize(folder: string): Promise<number> {
  const sizes = (await readdir(folder, { withFileTypes: true, recursive: true }))
    .filter((entry) => entry.isFile())
    .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).blocks * 512);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
