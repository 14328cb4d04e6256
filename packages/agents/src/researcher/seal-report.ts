import type { JournalEntry, JsonValue, Trace, TraceLine } from "@clew/core";
import { contentHash } from "@clew/core/text";

/** The record of research as a trace. */
export function sealReport(run: string, entries: readonly JournalEntry[]): Trace {
  const lines: TraceLine[] = [];
  const append = (line: { at: number; kind: string; call?: string | undefined; data: JsonValue }): void => {
    const prev = lines.at(-1)?.hash ?? "0".repeat(64);
    const open = { seq: lines.length, ...line, prev };
    lines.push({ ...open, hash: contentHash(JSON.stringify(open)) });
  };
  for (const { at, kind, call, data } of entries) append({ at, kind, ...(call === undefined ? {} : { call }), data });
  append({
    at: entries.at(-1)?.at ?? 0,
    kind: "closed",
    data: { lines: lines.length, head: lines.at(-1)?.hash ?? "" },
  });
  return { run, lines, texts: {} };
}
