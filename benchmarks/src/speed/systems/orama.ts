import { analyzer } from "@clew/core/text";
import type { SpeedCorpus } from "../corpus/speed-corpus.js";
import { loadPeer } from "./load-peer.js";
import type { MemorySystem, System } from "./system.js";

interface Found {
  readonly hits: readonly { readonly document: { readonly id: string } }[];
}

interface OramaModule {
  create(options: object): object;
  insertMultiple(database: object, documents: readonly object[], batchSize?: number): Promise<unknown>;
  search(database: object, options: object): Found | Promise<Found>;
}

const packages = ["@orama/orama"];
const analyzerInUse = "the same as clew's, passed as its tokenizer";

/** Orama with texts alone. */
export const oramaText: System = {
  name: "orama-text",
  packages,
  legs: ["lexical"],
  analyzer: analyzerInUse,
  work: "BM25 1.2 / .75; finds words by prefix, which cannot be turned off without asking for all words at once",
  load: () => load(false),
};

/** Orama with texts and vectors. */
export const orama: System = {
  name: "orama",
  packages,
  legs: ["dense", "hybrid"],
  analyzer: analyzerInUse,
  work: "dense: exact cosines, its least similarity set to 0; hybrid: its own, the sum of both scores divided by their best",
  load: () => load(true),
};

async function load(dense: boolean): Promise<MemorySystem> {
  const { create, insertMultiple, search } = await loadPeer<OramaModule>("@orama/orama");
  return {
    keeps: "memory",
    build: async ({ passages, vectorOf, dimensions }: SpeedCorpus) => {
      const english = analyzer();
      const database = create({
        schema: { id: "string", text: "string", ...(dense ? { vector: `vector[${dimensions}]` } : {}) },
        components: {
          tokenizer: {
            language: "english",
            normalizationCache: new Map(),
            tokenize: (text: string) => english.terms(text),
          },
        },
      });
      await insertMultiple(
        database,
        passages.map((passage, row) => ({
          id: passage.id,
          text: passage.whole,
          ...(dense ? { vector: Array.from(vectorOf(row)) } : {}),
        })),
      );
      const ids = async (options: object): Promise<string[]> =>
        (await search(database, { properties: ["text"], ...options })).hits.map(({ document }) => document.id);
      const near = (value: Float32Array) => ({ value: Array.from(value), property: "vector" });
      return {
        legs: {
          lexical: ({ text }, k) => ids({ term: text, limit: k }),
          dense: ({ vector }, k) => ids({ mode: "vector", vector: near(vector), similarity: 0, limit: k }),
          hybrid: ({ text, vector }, k) =>
            ids({ mode: "hybrid", term: text, vector: near(vector), similarity: 0, limit: k }),
        },
        close: async () => undefined,
      };
    },
  };
}
