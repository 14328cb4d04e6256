import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { formsOf } from "./forms-of.js";

/** A text in a file. */
export interface FoundOnDisk {
  readonly file: string;
  readonly text: string;
}

/**
 * Looks for texts in every file below a folder, in every form of `formsOf`. The files are copied by another process first:
 * a process that opens and closes the lock file of a database that it uses ends its own locks.
 */
export function findOnDisk(folder: string, texts: readonly string[]): FoundOnDisk[] {
  const place = mkdtempSync(join(tmpdir(), "clew-scan-"));
  try {
    const copy = join(place, "copy");
    execFileSync("cp", ["-r", folder, copy]);
    const forms = texts.map((text) => ({ text, forms: formsOf(text) }));
    const found: FoundOnDisk[] = [];
    for (const entry of readdirSync(copy, { recursive: true, withFileTypes: true })) {
      // a name may repeat a text too
      const file = join(entry.parentPath, entry.name);
      const held = [Buffer.from(entry.name), ...(entry.isFile() ? [readFileSync(file)] : [])];
      for (const { text, forms: all } of forms) {
        if (all.some((form) => held.some((bytes) => bytes.includes(form)))) {
          found.push({ file: relative(copy, file), text });
        }
      }
    }
    return found;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
