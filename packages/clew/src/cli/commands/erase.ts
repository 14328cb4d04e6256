import { join } from "node:path";
import { ClewError, type Erasable, type EraseReceipt, eraser } from "@clew/core";
import { contextFile } from "@clew/ingest";
import { fileTraces, receiptFile } from "@clew/record";
import { formatReceipt } from "../../report/format-receipt.js";
import { exitCode } from "../exit-code.js";
import type { Terminal } from "../terminal.js";
import { withWorkspace } from "../workspace.js";

/** Options of `clew erase`. */
export interface EraseOptions {
  readonly index?: string;
  readonly embedder?: string;
  readonly record?: string;
  readonly contexts?: string;
  readonly json?: boolean;
}

/** `clew erase <ids…>`: makes the index, and what else is named, forget sources. Exit code 1 when something is left. */
export async function erase(
  ids: readonly string[],
  { index, embedder, record, contexts, json = false }: EraseOptions,
  terminal: Terminal,
): Promise<number> {
  if (ids.length === 0)
    throw new ClewError("invalid-option", "Usage: clew erase <ids…> (see clew sources for the ids)");
  for (const path of [record, contexts]) {
    if (path !== undefined && !(await terminal.exists(path)))
      throw new ClewError("not-found", `There is nothing at ${path}, so nothing can be erased from it.`);
  }
  const places: Record<string, Erasable> = {
    ...(contexts === undefined ? {} : { contexts: contextFile(contexts) }),
    ...(record === undefined ? {} : { traces: fileTraces(record) }),
  };
  // the traces of a folder are its .jsonl files
  const receipts = record === undefined ? undefined : receiptFile(join(record, "receipts.ndjson"));
  return withWorkspace({ paths: ["."], index, embedder, create: false }, terminal, async ({ index: opened, me }) => {
    const { erase: forget } = eraser({ scope: me, index: opened, places, receipts });
    const made: EraseReceipt[] = [];
    for (const id of new Set(ids)) {
      const receipt = await forget(id, { signal: terminal.signal });
      made.push(receipt);
      if (!json) terminal.print(formatReceipt(receipt));
    }
    if (json) terminal.print(JSON.stringify(made, null, 2));
    terminal.say(
      "The files themselves stay: delete those of the sources, or the next ask or index over their folder takes them in again.",
    );
    return made.every(({ complete }) => complete) ? exitCode.answered : exitCode.error;
  });
}
