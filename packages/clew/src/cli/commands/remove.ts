import { ClewError } from "@clew/core";
import { exitCode } from "../exit-code.js";
import type { Terminal } from "../terminal.js";
import { withWorkspace } from "../workspace.js";

/** Options of `clew remove`. */
export interface RemoveOptions {
  readonly index?: string;
  readonly embedder?: string;
}

/** `clew remove <ids…>`: takes sources out of the index; the files stay. */
export async function remove(
  ids: readonly string[],
  { index, embedder }: RemoveOptions,
  terminal: Terminal,
): Promise<number> {
  if (ids.length === 0)
    throw new ClewError("invalid-option", "Usage: clew remove <ids…> (see clew sources for the ids)");
  return withWorkspace({ paths: ["."], index, embedder, create: false }, terminal, async ({ index: opened, me }) => {
    const removed = new Set(await opened.remove(me, ids, { signal: terminal.signal }));
    for (const id of ids) terminal.print(removed.has(id) ? `removed ${id}` : `not in the index: ${id}`);
    if (removed.size > 0) {
      terminal.say(
        "The files stay: the next ask or index over their folder takes them in again. To keep one out, delete it or name it in a .clewignore file.",
      );
    }
    return removed.size === new Set(ids).size ? exitCode.answered : exitCode.error;
  });
}
