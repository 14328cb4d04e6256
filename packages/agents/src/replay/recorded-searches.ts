import {
  ClewError,
  type Hit,
  type JournalEntry,
  type JsonObject,
  type JsonValue,
  noUsage,
  type Passage,
  type SearchResult,
} from "@clew/core";
import type { KeptOutput } from "../graph/kept-outputs.js";

/** The searches of a record by the key of their call, each with what its retriever recorded meanwhile. */
export function recordedSearches(entries: readonly JournalEntry[]): (key: string) => KeptOutput | undefined {
  const passages = new Map<string, Passage>();
  const found = new Map<string, KeptOutput>();
  for (const { data } of entries.filter(({ kind }) => kind === "passages")) {
    for (const passage of (data as unknown as { readonly passages: readonly Passage[] }).passages) {
      passages.set(passage.id, passage);
    }
  }
  let asked = 0;
  for (const [index, { kind, call, at, data }] of entries.entries()) {
    if (kind === "query") asked = index;
    if (call === undefined || (kind !== "hits" && kind !== "search-failed")) continue;
    const between = entries.slice(asked + 1, index).map(({ seq: _, ...line }) => line);
    found.set(
      `${call} search`,
      kind === "hits"
        ? { at, data: resultOf(data as unknown as RecordedHits, passages), entries: between }
        : { at, data, failed: true, entries: between },
    );
  }
  return (key) => found.get(key);
}

interface RecordedHits {
  readonly hits: readonly { readonly passage: string; readonly score: number }[];
  readonly notes?: SearchResult["notes"];
  readonly usage?: SearchResult["usage"];
}

function resultOf({ hits, notes = [], usage = noUsage }: RecordedHits, passages: Map<string, Passage>): JsonValue {
  const result: SearchResult = {
    hits: hits.map(({ passage: id, score }): Hit => {
      const passage = passages.get(id);
      if (passage === undefined) {
        throw new ClewError("trace-damaged", `The record of this run lacks the passage ${id}.`);
      }
      return { passage, score, explain: { kind: "other", name: "recorded", detail: {} } };
    }),
    notes,
    usage,
    generation: -1,
  };
  return result as unknown as JsonObject;
}
