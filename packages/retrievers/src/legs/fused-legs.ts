import { addUsage, type CheckedSearchOptions, noUsage, type Query, type SearchResult, type Snapshot } from "@clew/core";
import type { Fusion } from "../fusion/fusion.js";
import { completeScores } from "./complete-scores.js";
import { type SearchedLeg, searchLegs } from "./search-legs.js";

/** Options of {@link fusedLegs}. */
export interface FusedLegsOptions {
  readonly legs: readonly SearchedLeg[];
  readonly fusion: Fusion;
  /** Hits that each leg contributes at least. */
  readonly depth: number;
  /** Go on with one leg when the other fails; a note says which. */
  readonly degrade: boolean;
  readonly asked: CheckedSearchOptions;
}

/** What the legs say together: every candidate, best first, and the query as it was embedded. */
export interface FusedLegs extends Omit<SearchResult, "generation"> {
  readonly query: Query;
}

/** Asks the legs of a snapshot at once, the query embedded once, and fuses their rankings. */
export async function fusedLegs(
  snapshot: Snapshot,
  text: string,
  { legs, fusion, depth, degrade, asked }: FusedLegsOptions,
): Promise<FusedLegs> {
  const { query, usage, notes } = legs.includes("dense")
    ? await snapshot.embed(text, { signal: asked.signal, call: asked.call })
    : { query: { text }, usage: noUsage, notes: [] };
  const { rankings, results, failures } = await searchLegs(snapshot, query, { ...asked, legs, depth, degrade });
  const completed = fusion.needsScores ? await completeScores(snapshot, query, rankings, asked) : rankings;
  return {
    query,
    hits: fusion.fuse(completed),
    notes: [...notes, ...failures, ...results.flatMap((result) => result.notes)],
    usage: addUsage(usage, ...results.map((result) => result.usage)),
  };
}
