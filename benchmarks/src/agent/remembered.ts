import { defineRetriever, type Retriever, type SearchResult } from "@clew/core";

/**
 * A retriever that makes each search of another one once: asked again, it hands back copies of the same hits, so that a
 * second run costs what the agent itself costs. Copies, because the agent must not know a passage by its object.
 */
export function remembered(inner: Retriever): Retriever {
  const known = new Map<string, SearchResult>();
  return defineRetriever(
    inner.kind,
    async (query, { k, signal, call }) => {
      const key = JSON.stringify([query, k]);
      const found = known.get(key) ?? (await inner.search(query, { k, signal, call }));
      known.set(key, found);
      return { ...found, hits: found.hits.map((hit) => ({ ...hit, passage: { ...hit.passage } })) };
    },
    { scope: inner.scope },
  );
}
