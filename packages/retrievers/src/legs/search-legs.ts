import {
  type CheckedSearchOptions,
  type LegResult,
  type Note,
  note,
  type Query,
  type Snapshot,
  spanned,
} from "@clew/core";
import type { LegRanking } from "../fusion/fusion.js";
import { allOrAbort } from "./all-or-abort.js";

/** A leg that {@link searchLegs} asks. */
export type SearchedLeg = "lexical" | "dense";

/** What the legs found. */
export interface SearchedLegs {
  readonly rankings: LegRanking[];
  readonly results: LegResult[];
  /** Legs that failed and were left out. */
  readonly failures: Note[];
}

/** What each leg is asked. */
export interface SearchLegsOptions extends Pick<CheckedSearchOptions, "k" | "filter" | "signal" | "call"> {
  readonly legs: readonly SearchedLeg[];
  /** Hits that each leg contributes at least. */
  readonly depth: number;
  /** Go on with one leg when the other fails. */
  readonly degrade: boolean;
}

/** Asks several legs of a snapshot at once. */
export async function searchLegs(
  snapshot: Snapshot,
  query: Query,
  { legs, depth, degrade, k, filter, signal, call }: SearchLegsOptions,
): Promise<SearchedLegs> {
  const search = (leg: SearchedLeg, linked: AbortSignal | undefined): Promise<LegResult> =>
    spanned(
      call,
      () => ({ name: leg, attributes: { "clew.leg": leg } }),
      async (span) => {
        const result = await snapshot[leg](query, { k: Math.max(depth, k), filter, signal: linked, call });
        span.set({ "clew.hits": result.hits.length });
        return result;
      },
    );
  if (!degrade) {
    const results = await allOrAbort(legs, signal, search);
    return { rankings: results.map(({ hits }, index) => ({ name: legs[index]!, hits })), results, failures: [] };
  }
  const settled = await Promise.allSettled(legs.map((leg) => search(leg, signal)));
  signal?.throwIfAborted();
  const found: SearchedLegs = { rankings: [], results: [], failures: [] };
  for (const [index, outcome] of settled.entries()) {
    const leg = legs[index]!;
    if (outcome.status === "fulfilled") {
      found.rankings.push({ name: leg, hits: outcome.value.hits });
      found.results.push(outcome.value);
    } else {
      const reason = outcome.reason instanceof Error ? outcome.reason.message : String(outcome.reason);
      found.failures.push(note("leg-failed", `The ${leg} leg failed and was left out: ${reason}`, { leg, reason }));
    }
  }
  if (found.rankings.length === 0) throw (settled[0] as PromiseRejectedResult).reason;
  return found;
}
