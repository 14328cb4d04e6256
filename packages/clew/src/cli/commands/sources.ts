import type { Filter } from "@clew/core";
import { exitCode } from "../exit-code.js";
import type { Terminal } from "../terminal.js";
import { withWorkspace } from "../workspace.js";

/** Options of `clew sources`. */
export interface SourcesOptions {
  readonly index?: string;
  readonly embedder?: string;
  readonly filter?: Filter;
  readonly json?: boolean;
}

/** `clew sources [path]`: what the index holds. */
export async function sources(
  paths: readonly string[],
  { index, embedder, filter, json = false }: SourcesOptions,
  terminal: Terminal,
): Promise<number> {
  const where = paths.length === 0 && index === undefined ? ["."] : paths;
  return withWorkspace({ paths: where, index, embedder, create: false }, terminal, async ({ index: opened, me }) => {
    const records = await opened.sources(me, filter);
    if (json) terminal.print(JSON.stringify(records, null, 2));
    else {
      for (const { id, title, passages, syncedAt } of records) {
        terminal.print(`${id}  ${title}  (${passages} passages, ${new Date(syncedAt).toISOString()})`);
      }
      terminal.print(`${records.length} sources`);
    }
    return exitCode.answered;
  });
}
