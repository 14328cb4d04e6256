import { ClewError } from "@clew/core";
import { exitCode } from "../exit-code.js";
import { saySync, syncPaths } from "../sync-paths.js";
import type { Terminal } from "../terminal.js";
import { withWorkspace } from "../workspace.js";

/** Options of `clew index`. */
export interface IndexOptions {
  readonly index?: string;
  readonly embedder?: string;
  readonly dryRun?: boolean;
  readonly price?: number;
  readonly json?: boolean;
}

/** `clew index <paths…>`: takes in what is new or changed, removes what is gone. Returns the exit code. */
export async function indexCommand(
  paths: readonly string[],
  options: IndexOptions,
  terminal: Terminal,
): Promise<number> {
  if (paths.length === 0) throw new ClewError("invalid-option", "Usage: clew index <paths…>");
  const { index, embedder, dryRun = false, price, json = false } = options;
  return withWorkspace({ paths, index, embedder, create: true }, terminal, async (workspace) => {
    const report = await syncPaths(workspace, paths, terminal, { dryRun });
    if (json) terminal.print(JSON.stringify(report, null, 2));
    else saySync(report, terminal);
    if (dryRun && !json) {
      const cost =
        price === undefined
          ? ""
          : `, about $${((report.tokens * price) / 1_000_000).toFixed(4)} at $${price} a million`;
      terminal.print(`To embed: ${report.embedded} passages, ${report.tokens} tokens${cost}. Nothing was written.`);
    } else if (!json) terminal.print(`Index: ${workspace.directory}`);
    const none = report.added.length + report.updated.length + report.unchanged === 0;
    return report.failed.length > 0 && none ? exitCode.error : exitCode.answered;
  });
}
