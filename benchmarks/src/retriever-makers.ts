import { type IndexView, invalidOption, type Retriever } from "@clew/core";
import { hybrid, lexical, linked, naive, proximityReranker, reranked, rrf } from "@clew/retrievers";

/** How the command `quality` makes a retriever that it was asked for by name. */
export interface RetrieverMaker {
  /** Whether it wants an index with an embedder, or one without. */
  readonly embedder: boolean;
  /** @param defer takes what is to be closed when the set is done */
  make(view: IndexView, defer: (close: () => Promise<void>) => void): Retriever | Promise<Retriever>;
}

/** Every retriever that the benchmarks know. */
export const retrieverMakers: Readonly<Record<string, RetrieverMaker>> = {
  lexical: { embedder: false, make: (view) => lexical(view) },
  dense: { embedder: true, make: (view) => naive(view) },
  hybrid: { embedder: true, make: (view) => hybrid(view) },
  "hybrid-rrf": { embedder: true, make: (view) => hybrid(view, { fusion: rrf() }) },
  linked: { embedder: true, make: (view) => linked(view) },
  "linked-blended": { embedder: true, make: (view) => linked(view, { blend: 0.25 }) },
  "linked-reranked": {
    embedder: true,
    make: (view) => reranked(linked(view), { reranker: proximityReranker() }),
  },
  reranked: { embedder: true, make: (view) => reranked(hybrid(view), { reranker: proximityReranker() }) },
  "linked-lexical": { embedder: false, make: (view) => linked(view) },
};

/** @throws ClewError `invalid-option` naming those that there are */
export function retrieverMaker(name: string): RetrieverMaker {
  if (!Object.hasOwn(retrieverMakers, name)) {
    throw invalidOption("retrievers", `of ${Object.keys(retrieverMakers).join(", ")}`, name);
  }
  return retrieverMakers[name]!;
}
