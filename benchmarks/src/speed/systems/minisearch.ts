import { analyzer } from "@clew/core/text";

import { loadPeer } from "./load-peer.js";
import type { System } from "./system.js";

interface MiniSearchModule {
  default: new (options: {
    fields: readonly string[];
    storeFields: readonly string[];
    tokenize: (text: string) => string[];
    processTerm: (term: string) => string;
  }) => {
    addAll(documents: readonly object[]): void;
    search(query: string, options: { combineWith: "OR"; bm25: { k: number; b: number; d: number } }): { id: string }[];
  };
}

/** MiniSearch, a full-text engine in memory. */
export const miniSearch: System = {
  name: "minisearch",
  packages: ["minisearch"],
  legs: ["lexical"],
  analyzer: "the same as clew's, passed as its tokenizer",
  work: "BM25+ with the formula's d set to 0, k 1.2, b .75; scores every passage that has a term",
  load: async () => {
    const { default: MiniSearch } = await loadPeer<MiniSearchModule>("minisearch");
    return {
      keeps: "memory",
      build: async ({ passages }) => {
        const english = analyzer();
        const index = new MiniSearch({
          fields: ["text"],
          storeFields: ["text"],
          tokenize: (text) => english.terms(text),
          processTerm: (term) => term,
        });
        index.addAll(passages.map((passage) => ({ id: passage.id, text: passage.whole })));
        return {
          legs: {
            lexical: async ({ text }, k) =>
              index
                .search(text, { combineWith: "OR", bm25: { k: 1.2, b: 0.75, d: 0 } })
                .slice(0, k)
                .map(({ id }) => id),
          },
          close: async () => undefined,
        };
      },
    };
  },
};
