import {
  ClewError,
  checkKeys,
  defineRetriever,
  type IndexView,
  invalidOption,
  isNonNegative,
  note,
  noUsage,
  positiveInteger,
  type Retriever,
} from "@clew/core";
import { checkScope } from "../legs/check-scope.js";
import { mergeResults } from "../legs/merge-results.js";
import { chooseDiverse } from "./choose-diverse.js";

/** Options of {@link diverse}. */
export interface DiverseOptions {
  /** Where the vectors of the hits are; of the retriever's scope, with a dense leg. */
  view: IndexView;
  /** Share of relevance in [0, 1]: 1 keeps the order, 0 looks at differences alone. @default 0.7 */
  lambda?: number | undefined;
  /** Hits of the first stage that are chosen from. @default 50 */
  depth?: number | undefined;
  /** Hits when a search names no `k`. @default the first stage's */
  k?: number | undefined;
}

/**
 * Chooses hits that differ, by maximal marginal relevance: each is the one of greatest
 * `lambda × relevance − (1 − lambda) × similarity`, relevance being the first stage's score stretched to [0, 1] over its
 * hits, similarity the largest cosine to a hit chosen before (0 where it is negative). Ties go to the lower id.
 *
 * A hit without a vector counts as unlike any other, with a note.
 *
 * @throws ClewError `leg-missing` where the index has no vectors; `invalid-option`
 * @see Carbonell and Goldstein, "The Use of MMR, Diversity-Based Reranking for Reordering Documents and Producing
 *   Summaries", SIGIR 1998
 */
export function diverse(retriever: Retriever, options: DiverseOptions): Retriever {
  checkKeys("diverse", options, ["view", "lambda", "depth", "k"] satisfies (keyof DiverseOptions)[]);
  const { view, lambda = 0.7, depth = 50, k } = options;
  checkScope("diverse", retriever, view);
  if (!view.capabilities.dense) {
    throw new ClewError(
      "leg-missing",
      "diverse needs vectors, which this index does not have: open it with an embedder.",
    );
  }
  if (!isNonNegative(lambda) || lambda > 1) throw invalidOption("lambda", "a number from 0 to 1", lambda);
  positiveInteger("depth", depth);
  return defineRetriever(
    "diverse",
    async (query, asked) => {
      const { signal } = asked;
      const first = await retriever.search(query, { ...asked, k: Math.max(depth, asked.k) });
      const { vectors, generation } = await view.read(
        async (snapshot) => ({
          vectors: await snapshot.vectors(first.hits.map(({ passage }) => passage.id)),
          generation: snapshot.generation,
        }),
        { signal },
      );
      const bare = first.hits.filter((_, index) => vectors[index] === undefined).length;
      const notes =
        bare === 0
          ? []
          : [
              note(
                "vector-missing",
                `${bare} of ${vectors.length} hits have no vector and count as unlike any other.`,
                { bare },
              ),
            ];
      return {
        ...mergeResults([first, { hits: [], notes, usage: noUsage, generation }]),
        hits: await chooseDiverse({ hits: first.hits, vectors, lambda, k: asked.k, signal }),
      };
    },
    { scope: retriever.scope, k },
  );
}
