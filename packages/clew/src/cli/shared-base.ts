import { isAbsolute, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { SourceRecord } from "@clew/core";

/**
 * The folder that the ids of an index named by the user are relative to: the one of the sources it holds, where the
 * documents of this run lie below it, so that an id means the same file whatever part of the folder is named.
 */
export function sharedBase(base: string, stored: Iterable<Pick<SourceRecord, "id" | "uri">>): string {
  for (const { id, uri } of stored) {
    if (!uri?.startsWith("file:")) continue;
    const file = fileURLToPath(uri);
    const root = resolve(file, ...id.split("/").map(() => ".."));
    const below = relative(root, base);
    if (resolve(root, id) === file && !below.startsWith("..") && !isAbsolute(below)) return root;
  }
  return base;
}
