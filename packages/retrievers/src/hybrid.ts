import {
  addUsage,
  type CheckedSearchOptions,
  ClewError,
  checkKeys,
  defineRetriever,
  type IndexView,
  type LegResult,
  type Note,
  note,
  noUsage,
  type PassageId,
  positiveInteger,
  type Query,
  type Retriever,
  type Snapshot,
} from "@clew/core";
import { convex } from "./fusion/convex.js";
import type { Fusion, LegRanking } from "./fusion/fusion.js";
import { allOrAbort } from "./legs/all-or-abort.js";

/** Options of {@link hybrid}. */
export interface HybridOptions {
  /** How the legs' rankings become one. @default convex() */
  fusion?: Fusion | undefined;
  /** Hits that each leg contributes at least. @default 100 */
  depth?: number | undefined;
  /** Go on with one leg when the other is missing or fails; a note says which. @default false: the search fails */
  degrade?: boolean | undefined;
  /** Hits when a search names no `k`. @default 10 */
  k?: number | undefined;
}

type SearchedLeg = "lexical" | "dense";

/**
 * Searches the lexical and the dense leg at once, over one generation of the index, and fuses their rankings.
 *
 * @throws ClewError `leg-missing` at construction when the index lacks a leg that the fusion weighs and `degrade` is off
 */
export function hybrid(view: IndexView, options: HybridOptions = {}): Retriever {
  checkKeys("hybrid", options, ["fusion", "depth", "degrade", "k"] satisfies (keyof HybridOptions)[]);
  const { fusion = convex(), depth = 100, degrade = false, k } = options;
  positiveInteger("depth", depth);
  const wanted = (["lexical", "dense"] as const).filter((leg) => fusion.weight(leg) > 0);
  const legs = wanted.filter((leg) => view.capabilities[leg]);
  const absent = wanted.filter((leg) => !view.capabilities[leg]);
  if (absent.length > 0 && (!degrade || legs.length === 0)) {
    throw new ClewError(
      "leg-missing",
      `hybrid(view) needs the ${absent.join(" and the ")} leg, which this index does not have. Open the index with an embedder, or pass { degrade: true }.`,
    );
  }
  const missing = absent.map((leg) =>
    note("leg-missing", `The index has no ${leg} leg; the other one answered alone.`, { leg }),
  );

  return defineRetriever(
    "hybrid",
    (text, asked) =>
      view.read(
        async (snapshot) => {
          const { query, usage, notes } = legs.includes("dense")
            ? await snapshot.embed(text, { signal: asked.signal, call: asked.call })
            : { query: { text }, usage: noUsage, notes: [] };
          const { rankings, results, failures } = await searchLegs(snapshot, query, legs, depth, degrade, asked);
          const completed = fusion.needsScores ? await completeScores(snapshot, query, rankings, asked) : rankings;
          return {
            hits: fusion.fuse(completed).slice(0, asked.k),
            notes: [...missing, ...notes, ...failures, ...results.flatMap((result) => result.notes)],
            usage: addUsage(usage, ...results.map((result) => result.usage)),
            generation: snapshot.generation,
          };
        },
        { signal: asked.signal },
      ),
    { scope: view.scope, k },
  );
}

interface SearchedLegs {
  readonly rankings: LegRanking[];
  readonly results: LegResult[];
  readonly failures: Note[];
}

async function searchLegs(
  snapshot: Snapshot,
  query: Query,
  legs: readonly SearchedLeg[],
  depth: number,
  degrade: boolean,
  { k, filter, signal, call }: CheckedSearchOptions,
): Promise<SearchedLegs> {
  const search = (leg: SearchedLeg, linked: AbortSignal | undefined): Promise<LegResult> =>
    snapshot[leg](query, { k: Math.max(depth, k), filter, signal: linked, call });
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

/** Asks each leg for the scores of the candidates that only the other leg ranked. */
async function completeScores(
  snapshot: Snapshot,
  query: Query,
  rankings: readonly LegRanking[],
  { signal }: CheckedSearchOptions,
): Promise<LegRanking[]> {
  const all = new Set(rankings.flatMap(({ hits }) => hits.map(({ passage }) => passage.id)));
  return Promise.all(
    rankings.map(async (ranking) => {
      const ranked = new Set(ranking.hits.map(({ passage }) => passage.id));
      const unranked = [...all].filter((id) => !ranked.has(id));
      const what = ranking.name === "dense" ? "cosine" : "bm25";
      const scores = new Map<PassageId, number>();
      if (unranked.length > 0) {
        const scored = await snapshot.score(unranked, query, [what], { signal });
        for (const [index, id] of unranked.entries()) {
          const score = scored.scores[index]?.[what];
          if (score !== undefined) scores.set(id, score);
        }
      }
      return { ...ranking, scores };
    }),
  );
}
