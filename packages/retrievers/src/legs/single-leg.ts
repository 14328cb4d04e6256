import { ClewError, defineRetriever, type IndexView, invalidOption, isNonNegative, type Retriever } from "@clew/core";

/** Options of a retriever over one leg. */
export interface LegRetrieverOptions {
  /** Hits when a search names no `k`. @default 10 */
  k?: number | undefined;
  /** Hits below it are dropped, and a note counts them. @default none */
  minScore?: number | undefined;
}

/** A retriever that asks one leg. */
export function singleLeg(
  kind: string,
  leg: "lexical" | "dense",
  view: IndexView,
  { k, minScore }: LegRetrieverOptions,
): Retriever {
  if (!view.capabilities[leg]) {
    throw new ClewError(
      "leg-missing",
      `${kind}(view) needs a ${leg} leg, which this index does not have. ${
        leg === "dense" ? "Open it with an embedder, or use lexical(view)." : "Use naive(view)."
      }`,
    );
  }
  if (minScore !== undefined && !(isNonNegative(minScore) || isNonNegative(-minScore))) {
    throw invalidOption("minScore", "a finite number", minScore);
  }
  return defineRetriever(
    kind,
    (query, options) =>
      view.read(
        async (snapshot) => ({
          ...(await snapshot[leg]({ text: query }, { ...options, minScore })),
          generation: snapshot.generation,
        }),
        { signal: options.signal },
      ),
    { scope: view.scope, k },
  );
}
