import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "./temporary-directory.js";

/**
 * All files of a directory, as another process copies them: whoever opens and closes LMDB's lock file in a process that
 * has the index open ends its locks.
 */
export function bytesIn(path: string): Buffer {
  const copy = join(temporaryDirectory(), "copy");
  execFileSync("cp", ["-r", path, copy]);
  return Buffer.concat(readdirSync(copy).map((name) => readFileSync(join(copy, name))));
}
