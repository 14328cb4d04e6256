import {
  ClewError,
  checkKeys,
  defineRetriever,
  type IndexView,
  invalidOption,
  isNonNegative,
  type Retriever,
} from "@clew/core";

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
  options: LegRetrieverOptions,
): Retriever {
  checkKeys(kind, options, ["k", "minScore"] satisfies (keyof LegRetrieverOptions)[]);
  const { k, minScore } = options;
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
    (query, asked) =>
      view.read(
        async (snapshot) => ({
          ...(await snapshot[leg]({ text: query }, { ...asked, minScore })),
          generation: snapshot.generation,
        }),
        { signal: asked.signal },
      ),
    { scope: view.scope, k },
  );
}
