import {
  type CheckedSearchOptions,
  ClewError,
  checkKeys,
  defineRetriever,
  type Hit,
  type IndexView,
  invalidOption,
  isNonNegative,
  type LinkStep,
  type PassageId,
  positiveInteger,
  type Retriever,
  type Snapshot,
} from "@clew/core";
import { convex } from "../fusion/convex.js";
import type { Fusion } from "../fusion/fusion.js";
import { type FusedLegs, fusedLegs } from "../legs/fused-legs.js";
import { blendRanks } from "./blend-ranks.js";
import { linkPaths } from "./link-path.js";
import { linkPool } from "./link-pool.js";
import { linkWalk } from "./link-walk.js";
import { linkedWeights as w } from "./linked-weights.js";
import { questionCover } from "./question-cover.js";
import { rankPool } from "./rank-pool.js";

/** Options of {@link linked}. */
export interface LinkedOptions {
  /** How the first stage's legs become one ranking. @default convex(); without an embedder the lexical leg alone */
  fusion?: Fusion | undefined;
  /** Hits that each leg contributes to the first stage at least. @default 100 */
  depth?: number | undefined;
  /**
   * Share of the first stage in the final ranking, in [0, 1): reciprocal ranks of both, for corpora whose questions seldom
   * take two steps. @default 0
   */
  blend?: number | undefined;
  /** Hits when a search names no `k`. @default 10 */
  k?: number | undefined;
}

/**
 * Multi-hop retrieval without a model call: personalised PageRank over the index's link graph, from the first stage's best
 * hits and the titles that the question names, then a ranking of what it reaches by the walk, by cosine, and by what a
 * passage adds to those that lead to it. A hit explains its path: from a seed over links, with the words that made them.
 * Where no link concerns the question, the first stage's ranking stands as it is.
 *
 * Works with and without an embedder.
 *
 * @throws ClewError `leg-missing` when the index has no link leg; `invalid-option`
 * @see Gutiérrez et al., "HippoRAG", NeurIPS 2024, for the walk; `docs/architecture.md` for the features
 */
export function linked(view: IndexView, options: LinkedOptions = {}): Retriever {
  checkKeys("linked", options, ["fusion", "depth", "blend", "k"] satisfies (keyof LinkedOptions)[]);
  const { fusion = convex(), depth = 100, blend = 0, k } = options;
  positiveInteger("depth", depth);
  if (!isNonNegative(blend) || blend >= 1) throw invalidOption("blend", "a number from 0 to below 1", blend);
  if (!view.capabilities.links) {
    throw new ClewError(
      "leg-missing",
      "linked(view) needs a link leg, which this index does not have. Open it with links: true, or use hybrid(view).",
    );
  }
  const legs = (["lexical", "dense"] as const).filter((leg) => view.capabilities[leg] && fusion.weight(leg) > 0);
  if (legs.length === 0) {
    throw invalidOption("fusion", "a fusion that weighs a leg of this index", fusion.name);
  }
  return defineRetriever(
    "linked",
    (text, asked) =>
      view.read(
        async (snapshot) => {
          const first = await fusedLegs(snapshot, text, { legs, fusion, depth, degrade: false, asked });
          const ranked = await rankLinked(snapshot, first, asked, blend > 0 ? Number.POSITIVE_INFINITY : asked.k);
          const hits = blend > 0 ? blendRanks(ranked, first.hits, blend) : ranked;
          return {
            hits: hits.slice(0, asked.k),
            notes: first.notes,
            usage: first.usage,
            generation: snapshot.generation,
          };
        },
        { signal: asked.signal },
      ),
    { scope: view.scope, k },
  );
}

/** Ranks what the links reach, and below it what else the first stage found; the best `k` of it, or all. */
async function rankLinked(
  snapshot: Snapshot,
  { query, hits: first }: FusedLegs,
  { filter, signal }: CheckedSearchOptions,
  k: number,
): Promise<readonly Hit[]> {
  const seeds = await seedsOf(snapshot, query.text, first, { filter, signal });
  if (seeds.size === 0) return first;
  const { ids, edges } = await linkPool({
    snapshot,
    seeds,
    first: first.map(({ passage }) => passage.id),
    filter,
    signal,
  });
  if (edges.length === 0) return first;
  const scored = await snapshot.score(ids, query, ["cosine", "tf"], { signal });
  const cover = questionCover(scored);
  const mass = shares(ids.map((id) => seeds.get(id) ?? 0));
  const walk = linkWalk({ ids, edges, seeds: mass, cover });
  const cosines = scored.scores.map(({ cosine = 0 }) => cosine);
  const scores = rankPool({ ids, walk, seeds: mass, cover, cosines });
  const pathTo = linkPaths({ ids, edges, walk, seeds: mass });

  const order = Array.from(ids.keys()).sort(
    (a, b) => scores[b]!.score - scores[a]!.score || (ids[a]! < ids[b]! ? -1 : 1),
  );
  const best = order.slice(0, k);
  const passages = await snapshot.passages(best.map((index) => ids[index]!));
  const paths = best.map(pathTo);
  const words = await snapshot.linkWords(paths.flat(), { signal });
  const before = new Map(first.map((hit) => [hit.passage.id, hit.explain]));
  let read = 0;
  const pooled = best.flatMap((index, rank): Hit[] => {
    const path = paths[rank]!.map(({ from, to, kind }): LinkStep => ({ from, to, kind, words: words[read++] ?? "" }));
    const passage = passages[rank];
    const { score, features } = scores[index]!;
    const explain = { kind: "linked", path, features, before: before.get(ids[index]!) } as const;
    return passage === undefined ? [] : [{ passage, score, explain }];
  });
  const inPool = new Set(ids);
  const least = order.reduce((low, index) => Math.min(low, scores[index]!.score), Number.POSITIVE_INFINITY);
  const rest = first
    .filter(({ passage }) => !inPool.has(passage.id))
    .map((hit, index): Hit => {
      const explain = { kind: "linked", path: [], features: {}, before: hit.explain } as const;
      return { passage: hit.passage, score: least - 1 - index, explain };
    });
  return [...pooled, ...(best.length < order.length ? [] : rest)];
}

/** Where the walk begins: the best of the first stage by a power of their scores, and passages whose title is named. */
async function seedsOf(
  snapshot: Snapshot,
  text: string,
  first: readonly Hit[],
  options: Pick<CheckedSearchOptions, "filter" | "signal">,
): Promise<Map<PassageId, number>> {
  const seeds = new Map<PassageId, number>();
  const best = first[0]?.score ?? 0;
  for (const { passage, score } of best > 0 ? first.slice(0, w.seeds) : []) {
    if (score > 0) seeds.set(passage.id, (score / best) ** w.seedPower);
  }
  const named = new Set((await snapshot.titlesIn(text, options)).flatMap(({ passages }) => passages));
  for (const id of named) seeds.set(id, (seeds.get(id) ?? 0) + w.namedSeed);
  const sum = [...seeds.values()].reduce((a, b) => a + b, 0);
  return new Map([...seeds].map(([id, value]) => [id, value / sum]));
}

function shares(values: readonly number[]): Float64Array {
  const sum = values.reduce((a, b) => a + b, 0);
  return Float64Array.from(values, (value) => (sum > 0 ? value / sum : 0));
}
