import {
  checkKeys,
  defineRetriever,
  type Erasable,
  type IndexView,
  noUsage,
  positiveInteger,
  type Retriever,
  type SearchResult,
  type SourceId,
  scopeKey,
} from "@clew/core";
import { checkScope } from "../legs/check-scope.js";
import { isLasting, keptResults } from "./kept-results.js";
import { sharedRuns } from "./shared-runs.js";

/** Where the answer to a search came from: the cache, a run that another caller had begun, or a run of its own. */
export type CacheOutcome = "hit" | "joined" | "miss";

/** Options of {@link cached}. */
export interface CachedOptions {
  /** Tells the generation of what the retriever searches; of the retriever's scope. */
  view: IndexView;
  /** Results kept at most; the one that was not asked for the longest goes first. @default 200 */
  entries?: number | undefined;
  /** Hears of each search where its answer came from: for metrics. @default nobody */
  onLookup?: ((outcome: CacheOutcome) => void) | undefined;
  /** Hits when a search names no `k`. @default 10 */
  k?: number | undefined;
}

/**
 * Keeps results while the index does not change. One is served again for the same query, `k` and filter, in the same
 * generation, to the same scope: the same hits, notes and explanations, with a usage of 0, and nothing is charged. Any
 * write to the index, or another process's, ends them all. Results with a note of something that may go better next time
 * (a leg that failed, a deadline, a budget), and those of another generation than the view's, are not kept.
 *
 * Equal searches at the same time share one run, which is charged to the first; a caller who leaves does not end it for
 * the others. What fails or is degraded is not shared: those who joined search for themselves.
 *
 * `erase` drops the results in which a source was found, for `eraser`.
 *
 * @throws ClewError `invalid-option`, also for a retriever over live data, which has no generation
 */
export function cached(retriever: Retriever, options: CachedOptions): Retriever & Erasable {
  checkKeys("cached", options, ["view", "entries", "onLookup", "k"] satisfies (keyof CachedOptions)[]);
  const { view, entries = 200, onLookup, k } = options;
  checkScope("cached", retriever, view);
  const kept = keptResults(positiveInteger("entries", entries));
  const runs = sharedRuns<SearchResult>();
  const owner = scopeKey(view.scope);
  let newest = -1;

  const holds = ({ hits }: SearchResult, source: SourceId): boolean =>
    hits.some(({ passage }) => passage.source === source);
  const forgetful: Erasable = {
    erase: async ({ tenant }, { source }) => {
      const results = tenant === view.scope.tenant ? kept.remove((result) => holds(result, source)) : 0;
      return [{ place: "search-cache", removed: { results }, notes: [] }];
    },
  };
  const searching = defineRetriever(
    "cached",
    async (query, asked) => {
      const { signal, filter, deadlineMs } = asked;
      const generation = await view.read(async (snapshot) => snapshot.generation, { signal });
      if (generation > newest) {
        kept.clear();
        newest = generation;
      }
      const key = JSON.stringify([owner, generation, query, asked.k, filter ?? null]);
      const known = kept.get(key);
      if (known !== undefined) {
        onLookup?.("hit");
        return again(known);
      }
      const search = async (own: AbortSignal | undefined): Promise<SearchResult> => {
        const { call, config } = asked;
        const found = await retriever.search(query, {
          ...asked,
          signal: own,
          // whoever pays may leave before the others
          call: call && { ...call, signal: own },
          config: config && { ...config, ...(own === undefined ? {} : { signal: own }) },
        });
        if (found.generation === generation && isLasting(found)) kept.set(key, found);
        return found;
      };
      const { result, joined } = runs.run(JSON.stringify([key, deadlineMs ?? null]), signal, search);
      if (!joined) {
        onLookup?.("miss");
        const found = await result;
        return { ...found, hits: [...found.hits] };
      }
      const shared = await result.catch(() => undefined); // the failure is the first caller's: this one tries itself
      signal?.throwIfAborted();
      if (shared !== undefined && isLasting(shared)) {
        onLookup?.("joined");
        return again(shared);
      }
      onLookup?.("miss");
      return search(signal);
    },
    { scope: retriever.scope, k },
  );
  return Object.assign(searching, forgetful);
}

/** A list of its own: whoever changes it changes no other's. */
const again = (result: SearchResult): SearchResult => ({ ...result, hits: [...result.hits], usage: noUsage });
