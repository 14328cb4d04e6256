import type { SpeedCorpus } from "../corpus/speed-corpus.js";
import { loadPeer } from "./load-peer.js";
import { hybridDepth, type System } from "./system.js";

interface LangChainDocument {
  readonly id?: string | undefined;
  readonly pageContent: string;
}

interface LangChainRetriever {
  invoke(query: string): Promise<LangChainDocument[]>;
}

interface DocumentsModule {
  Document: new (fields: { id: string; pageContent: string; metadata: object }) => LangChainDocument;
}

interface Bm25Module {
  BM25Retriever: {
    fromDocuments(documents: readonly LangChainDocument[], options: { k: number }): LangChainRetriever & { k: number };
  };
}

interface MemoryModule {
  MemoryVectorStore: new (
    embeddings: object,
  ) => {
    addVectors(vectors: number[][], documents: readonly LangChainDocument[]): Promise<void>;
    similaritySearchVectorWithScore(vector: number[], k: number): Promise<[LangChainDocument, number][]>;
    asRetriever(k: number): LangChainRetriever;
  };
}

interface EnsembleModule {
  EnsembleRetriever: new (options: { retrievers: LangChainRetriever[]; weights: number[] }) => LangChainRetriever;
}

const analyzer = "LangChain's: question split at spaces, found as parts of words, case kept in the texts";
const work = "BM25 1.2 / .75, a pass over all texts for every question";
const bm25 = "@langchain/community/retrievers/bm25";

/** LangChain's BM25Retriever. */
export const langChainBm25: System = {
  name: "langchain-bm25",
  packages: ["@langchain/community"],
  legs: ["lexical"],
  analyzer,
  work,
  load: async () => {
    const { BM25Retriever } = await loadPeer<Bm25Module>(bm25);
    const { Document } = await loadPeer<DocumentsModule>("@langchain/core/documents");
    return {
      keeps: "memory",
      build: async (corpus) => {
        const retriever = BM25Retriever.fromDocuments(documents(corpus, Document), { k: 10 });
        return {
          legs: {
            lexical: async ({ text }, k) => {
              retriever.k = k;
              return idsOf(await retriever.invoke(text), k);
            },
          },
          close: async () => undefined,
        };
      },
    };
  },
};

/** LangChain's MemoryVectorStore, and its EnsembleRetriever over that and BM25Retriever. */
export const langChain: System = {
  name: "langchain",
  packages: ["@langchain/classic", "@langchain/community", "@langchain/core"],
  legs: ["dense", "hybrid"],
  analyzer,
  work: `dense: MemoryVectorStore, exact cosines; hybrid: EnsembleRetriever over MemoryVectorStore and BM25Retriever (${work}), reciprocal ranks, ${hybridDepth} deep`,
  load: async () => {
    const { BM25Retriever } = await loadPeer<Bm25Module>(bm25);
    const { Document } = await loadPeer<DocumentsModule>("@langchain/core/documents");
    const { MemoryVectorStore } = await loadPeer<MemoryModule>("@langchain/classic/vectorstores/memory");
    const { EnsembleRetriever } = await loadPeer<EnsembleModule>("@langchain/classic/retrievers/ensemble");
    return {
      keeps: "memory",
      build: async (corpus) => {
        let asked: number[] = [];
        // the store's retriever embeds the text of the question, so the vector waits here
        const store = new MemoryVectorStore({ embedQuery: async () => asked });
        const all = documents(corpus, Document);
        const { vectorOf } = corpus;
        await store.addVectors(
          all.map((_, row) => Array.from(vectorOf(row))),
          all,
        );
        const ensemble = new EnsembleRetriever({
          retrievers: [BM25Retriever.fromDocuments(all, { k: hybridDepth }), store.asRetriever(hybridDepth)],
          weights: [0.5, 0.5],
        });
        return {
          legs: {
            dense: async ({ vector }, k) => {
              const found = await store.similaritySearchVectorWithScore(Array.from(vector), k);
              return found.map(([{ id }]) => String(id));
            },
            hybrid: async ({ text, vector }, k) => {
              asked = Array.from(vector);
              return idsOf(await ensemble.invoke(text), k);
            },
          },
          close: async () => undefined,
        };
      },
    };
  },
};

const documents = ({ passages }: SpeedCorpus, Document: DocumentsModule["Document"]): LangChainDocument[] =>
  passages.map((passage) => new Document({ id: passage.id, pageContent: passage.whole, metadata: {} }));

const idsOf = (found: readonly LangChainDocument[], k: number): string[] =>
  found.slice(0, k).map(({ id }) => String(id));
