import {
  compareHits,
  defineRetriever,
  type Hit,
  type Metadata,
  noUsage,
  type Retriever,
  type Scope,
  scope,
} from "@clew/core";
import { aHit, aPassage } from "@clew/core/testing";
import { analyzer } from "@clew/core/text";

/** A text of a shelf. */
export interface ShelfText {
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

/** What a test may change in a {@link shelf}. */
export interface ShelfOptions {
  readonly scope?: Scope | undefined;
  /** Of every text. */
  readonly metadata?: Metadata | undefined;
  /** Called before each search; may throw or wait. */
  readonly before?: ((query: string) => unknown) | undefined;
}

/** A retriever over texts, by the number of shared terms; each text is a source named after its shelf. */
export function shelf(
  name: string,
  texts: readonly ShelfText[],
  { before, metadata = {}, ...options }: ShelfOptions = {},
): Retriever {
  const { terms } = analyzer();
  const passages = texts.map(({ id, title, text }) => {
    const passage = aPassage({ id, source: `${name}/${id}`, title, text, metadata });
    return { passage, held: new Set(terms(`${title} ${text}`)) };
  });
  return defineRetriever(
    name,
    async (query, { k }) => {
      await before?.(query);
      const asked = new Set(terms(query));
      const hits = passages.flatMap(({ passage, held }): Hit[] => {
        const score = [...asked].filter((term) => held.has(term)).length;
        return score === 0 ? [] : [{ ...aHit({ id: passage.id }), passage, score }];
      });
      return { hits: hits.sort(compareHits).slice(0, k), notes: [], usage: noUsage, generation: 1 };
    },
    { scope: "scope" in options ? options.scope : scope("acme") },
  );
}
