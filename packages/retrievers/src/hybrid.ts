import {
  ClewError,
  checkKeys,
  defineRetriever,
  type IndexView,
  note,
  positiveInteger,
  type Retriever,
} from "@clew/core";
import { convex } from "./fusion/convex.js";
import type { Fusion } from "./fusion/fusion.js";
import { fusedLegs } from "./legs/fused-legs.js";

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
          const { hits, notes, usage } = await fusedLegs(snapshot, text, { legs, fusion, depth, degrade, asked });
          return {
            hits: hits.slice(0, asked.k),
            notes: [...missing, ...notes],
            usage,
            generation: snapshot.generation,
          };
        },
        { signal: asked.signal },
      ),
    { scope: view.scope, k },
  );
}
