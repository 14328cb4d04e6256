import type { SpeedCorpus } from "../corpus/speed-corpus.js";
import { loadCommonJsPeer, loadPeer } from "./load-peer.js";
import type { System } from "./system.js";

interface Node {
  readonly id_: string;
}

interface LlamaRetriever {
  retrieve(question: { query: string }): Promise<{ node: Node }[]>;
}

interface DocumentStore {
  addDocuments(nodes: readonly Node[], allowUpdate: boolean): Promise<void>;
}

interface LlamaModule {
  Settings: { embedModel: object };
  BaseEmbedding: new () => object;
  SimpleDocumentStore: new () => DocumentStore;
  TextNode: new (fields: { id_: string; text: string; embedding?: number[] }) => Node;
  VectorStoreIndex: {
    init(options: { nodes: readonly Node[] }): Promise<{ asRetriever(o: { similarityTopK: number }): LlamaRetriever }>;
  };
}

/** LlamaIndex.TS's BM25 retriever. */
export const llamaIndexBm25: System = {
  name: "llamaindex-bm25",
  packages: ["@llamaindex/bm25-retriever", "llamaindex"],
  legs: ["lexical"],
  analyzer: "LlamaIndex's: question in lower case split at spaces, found as parts of words, case kept in the texts",
  work: "BM25 1.2 / .75, a pass over all texts for every question",
  load: async () => {
    // its module for `import` calls a default export that is not there
    const { Bm25Retriever } = await loadCommonJsPeer<{
      Bm25Retriever: new (options: { docStore: DocumentStore; topK: number }) => LlamaRetriever;
    }>("@llamaindex/bm25-retriever");
    const { SimpleDocumentStore, TextNode } = await loadPeer<LlamaModule>("llamaindex");
    return {
      keeps: "memory",
      build: async ({ passages }) => {
        const docStore = new SimpleDocumentStore();
        await docStore.addDocuments(
          passages.map((passage) => new TextNode({ id_: passage.id, text: passage.whole })),
          false,
        );
        const retrievers = new Map<number, LlamaRetriever>();
        return {
          legs: {
            lexical: async ({ text }, k) => {
              const retriever = retrievers.get(k) ?? new Bm25Retriever({ docStore, topK: k });
              retrievers.set(k, retriever);
              return (await retriever.retrieve({ query: text })).map(({ node }) => node.id_);
            },
          },
          close: async () => undefined,
        };
      },
    };
  },
};

/** LlamaIndex.TS's vector index over its own store. */
export const llamaIndex: System = {
  name: "llamaindex",
  packages: ["llamaindex"],
  legs: ["dense"],
  work: "VectorStoreIndex over SimpleVectorStore, exact cosines",
  load: async () => {
    const { Settings, BaseEmbedding, TextNode, VectorStoreIndex } = await loadPeer<LlamaModule>("llamaindex");
    return {
      keeps: "memory",
      build: async ({ passages, vectorOf }: SpeedCorpus) => {
        const rows = new Map(passages.map((passage, row) => [passage.whole, row]));
        let asked: number[] = [];
        Settings.embedModel = new (class extends BaseEmbedding {
          getTextEmbeddings = async (texts: string[]): Promise<number[][]> =>
            texts.map((text) => Array.from(vectorOf(rows.get(text)!)));
          getTextEmbedding = async (text: string): Promise<number[]> => (await this.getTextEmbeddings([text]))[0]!;
          getQueryEmbedding = async (): Promise<number[]> => asked;
        })();
        const index = await VectorStoreIndex.init({
          nodes: passages.map((passage) => new TextNode({ id_: passage.id, text: passage.whole })),
        });
        rows.clear();
        const retrievers = new Map<number, LlamaRetriever>();
        return {
          legs: {
            dense: async ({ text, vector }, k) => {
              asked = Array.from(vector);
              const retriever = retrievers.get(k) ?? index.asRetriever({ similarityTopK: k });
              retrievers.set(k, retriever);
              return (await retriever.retrieve({ query: text })).map(({ node }) => node.id_);
            },
          },
          close: async () => undefined,
        };
      },
    };
  },
};
