import type { SyncReport } from "@clew/core";

/** A sync in one line, and a line for each source that failed. */
export function formatSync({
  added,
  updated,
  unchanged,
  removed,
  failed,
  embedded,
  cached,
  notes,
}: SyncReport): string {
  const parts = [
    [added.length, "added"],
    [updated.length, "updated"],
    [unchanged, "unchanged"],
    [removed.length, "removed"],
    [failed.length, "failed"],
  ]
    .filter(([count]) => count !== 0)
    .map(([count, what]) => `${count} ${what}`);
  const work = embedded + cached > 0 ? `; ${embedded} passages embedded, ${cached} from the cache` : "";
  return [
    `Sources: ${parts.length === 0 ? "none" : parts.join(", ")}${work}`,
    ...failed.map(({ source, note }) => `  failed: ${source}: ${note.message}`),
    ...notes.map(({ message }) => `  note: ${message}`),
  ].join("\n");
}
