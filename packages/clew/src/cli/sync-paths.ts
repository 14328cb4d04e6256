import { resolve } from "node:path";
import type { SourceInput, SyncReport } from "@clew/core";
import { files } from "@clew/ingest";
import { formatSync } from "../report/format-sync.js";
import { showProgress } from "../report/show-progress.js";
import { sharedBase } from "./shared-base.js";
import { sourceNameClash } from "./source-name-clash.js";
import type { Terminal } from "./terminal.js";
import type { Workspace } from "./workspace.js";

/** Options of {@link syncPaths}. */
export interface SyncPathsOptions {
  readonly dryRun?: boolean | undefined;
}

/** Brings the index up to date with the documents under these paths, showing progress. */
export async function syncPaths(
  { index, me, base, isShared }: Workspace,
  paths: readonly string[],
  terminal: Terminal,
  { dryRun = false }: SyncPathsOptions = {},
): Promise<SyncReport> {
  const stored = new Map((isShared ? await index.sources(me) : []).map((record) => [record.id, record]));
  const root = sharedBase(base, stored.values());
  const listing = files(paths, { base: root, signal: terminal.signal });
  const progress = showProgress({ stream: terminal.stderr });
  let broke: unknown;
  async function* watched(): AsyncGenerator<SourceInput> {
    try {
      for await (const source of listing) {
        yield (await sourceNameClash(source.id, resolve(root, source.id), stored.get(source.id))) ?? source;
      }
    } catch (error) {
      broke = error;
      throw error;
    }
  }
  try {
    const report = await index.sync(me, watched(), {
      removeMissing: (source) => listing.covers(source),
      signal: terminal.signal,
      onProgress: progress.update,
      dryRun,
    });
    // a sync notes that its list broke off and keeps what it had; to a person at a terminal that is an error
    if (broke !== undefined) throw broke;
    return { ...report, notes: [...report.notes, ...listing.notes] };
  } finally {
    progress.stop();
  }
}

/** Says what a sync did, on standard error. */
export const saySync = (report: SyncReport, terminal: Terminal): void => terminal.say(formatSync(report));
