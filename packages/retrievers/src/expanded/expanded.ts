import {
  addUsage,
  checkKeys,
  defineRetriever,
  type Hit,
  invalidOption,
  isRetriever,
  type Note,
  note,
  noUsage,
  positiveInteger,
  type Retriever,
  raceSignal,
  type SearchResult,
  scopeKey,
} from "@clew/core";
import type { Fusion } from "../fusion/fusion.js";
import { rrf } from "../fusion/rrf.js";
import { deadline } from "../legs/deadline.js";
import { distinctNotes, mergeResults } from "../legs/merge-results.js";
import { together } from "../legs/together.js";
import { chooseQueries, type NamedQuery } from "./choose-queries.js";
import type { Expander, Expansion } from "./expander.js";
import { feedback } from "./feedback.js";
import { queryKey } from "./query-key.js";

/** Options of {@link expanded}. */
export interface ExpandedOptions {
  /** What makes further queries of the original. @default feedback(), which needs no model */
  by?: Expander | readonly Expander[] | undefined;
  /** Searches the further queries, as `naive(view)` for `hyde`; of the same scope. @default the retriever itself */
  further?: Retriever | undefined;
  /** Further queries at most, over all expanders; a note counts those left out. @default 8 */
  queries?: number | undefined;
  /** Weight of the original query (above 0); all further queries together weigh 1. @default 2 */
  originalWeight?: number | undefined;
  /** Makes the fusion of the weights by name, such as `(weights) => convex({ weights })`. @default by rrf */
  fusion?: ((weights: Readonly<Record<string, number>>) => Fusion) | undefined;
  /** Hits that each query contributes at least. @default 100 */
  depth?: number | undefined;
  /** Go on without an expander or a query that failed; a note says which. @default false: the search fails */
  degrade?: boolean | undefined;
  /** Hits when a search names no `k`. @default the retriever's */
  k?: number | undefined;
}

/**
 * Searches a query and what expanders make of it, side by side, and fuses the rankings. The original query is always
 * among them; further ones that repeat it, or each other, are dropped. Where nothing usable comes of an expander, the
 * original stands alone, with a `fell-back` note; what is not done by the search's deadline is left out, with a note.
 *
 * @throws ClewError `invalid-option`; on search what the retriever throws, and `model-failed`, unless `degrade` is set
 */
export function expanded(retriever: Retriever, options: ExpandedOptions = {}): Retriever {
  checkKeys("expanded", options, [
    "by",
    "further",
    "queries",
    "originalWeight",
    "fusion",
    "depth",
    "degrade",
    "k",
  ] satisfies (keyof ExpandedOptions)[]);
  const { further = retriever, queries = 8, originalWeight = 2, depth = 100, degrade = false, k } = options;
  const { by = feedback(), fusion = (weights) => rrf({ weights }) } = options;
  const expanders = "expand" in by ? [by] : by;
  if (expanders.length === 0) throw invalidOption("by", "an expander, or a list of at least one");
  if (!isRetriever(further)) throw invalidOption("further", "a retriever", further);
  if (keyOf(further) !== keyOf(retriever)) throw invalidOption("further", "a retriever of the same scope");
  positiveInteger("queries", queries);
  positiveInteger("depth", depth);
  if (!(Number.isFinite(originalWeight) && originalWeight > 0)) {
    throw invalidOption("originalWeight", "a finite number above 0", originalWeight);
  }

  return defineRetriever(
    "expanded",
    async (query, asked) => {
      const late = deadline(asked.deadlineMs);
      try {
        return await together(asked.signal, async ({ signal, start }) => {
          const inTime = late.signal === undefined ? signal : AbortSignal.any([signal, late.signal]);
          const notes: Note[] = [];
          const isolate = async <T>(name: string, work: Promise<T>, canBeLate: boolean): Promise<T | undefined> => {
            try {
              return await start(work);
            } catch (error) {
              signal.throwIfAborted();
              if (canBeLate && late.signal?.aborted === true) notes.push(tooLate(asked.deadlineMs));
              else if (degrade) notes.push(failed(name, error));
              else throw error;
              return undefined;
            }
          };

          const search = { ...asked, k: Math.max(depth, asked.k) };
          const first = start(retriever.search(query, { ...search, signal }));
          const context = {
            found: () => first,
            scope: retriever.scope,
            signal: inTime,
            call: asked.call,
            config: asked.config,
          };
          const able = hasWords(query) ? expanders : [];
          if (able.length === 0) notes.push(note("fell-back", "A query without words was searched as it is."));
          const expandWith = async (one: Expander): Promise<Expansion> => one.expand(query, context);
          const [expansions] = await Promise.all([
            Promise.all(able.map((one) => isolate(one.id, raceSignal(expandWith(one), inTime), true))),
            degrade ? undefined : first,
          ]);
          const chosen = chooseQueries({ query, expanders: able, expansions, limit: queries });
          const found = await Promise.all([
            isolate("original", first, false),
            ...chosen.queries.map(({ name, text }) =>
              isolate(name, further.search(text, { ...search, signal: inTime }), true),
            ),
          ]);
          if (found.every((result) => result === undefined)) await first;
          const merged = mergeResults(found.filter((result) => result !== undefined));
          return {
            ...merged,
            hits: fuse(found, chosen.queries).slice(0, asked.k),
            notes: distinctNotes([...merged.notes, ...chosen.notes, ...notes.sort(byMessage)]),
            usage: addUsage(merged.usage, ...expansions.map((expansion) => expansion?.usage ?? noUsage)),
          };
        });
      } finally {
        late.clear();
      }
    },
    { scope: retriever.scope, k },
  );

  function fuse(found: readonly (SearchResult | undefined)[], named: readonly NamedQuery[]): readonly Hit[] {
    const all = [{ name: "original", weight: originalWeight }, ...named];
    const rankings = found.flatMap((result, index) =>
      result === undefined ? [] : [{ name: all[index]!.name, hits: result.hits }],
    );
    if (rankings.length === 1) return rankings[0]!.hits;
    return fusion(Object.fromEntries(all.map(({ name, weight }) => [name, weight]))).fuse(rankings);
  }
}

const hasWords = (query: string): boolean => queryKey(query) !== "";

const byMessage = (a: Note, b: Note): number => (a.message < b.message ? -1 : a.message > b.message ? 1 : 0);

const keyOf = ({ scope }: Retriever): string => (scope === undefined ? "" : scopeKey(scope));

const tooLate = (deadlineMs: number | undefined): Note =>
  note("deadline-passed", `Further queries were not done within ${deadlineMs} ms and were left out.`);

function failed(name: string, error: unknown): Note {
  const reason = error instanceof Error ? error.message : String(error);
  return note("leg-failed", `${name} failed and was left out: ${reason}`, { leg: name, reason });
}
