import { stopWords } from "@clew/core/text";
import type { SpeedCorpus } from "../corpus/speed-corpus.js";
import { loadPeer } from "./load-peer.js";
import type { DiskSystem, System } from "./system.js";

interface LanceQuery {
  nearestTo(vector: Float32Array): LanceQuery;
  distanceType(type: "cosine"): LanceQuery;
  fullTextSearch(text: string, options: { columns: string[] }): LanceQuery;
  rerank(reranker: object): LanceQuery;
  select(columns: string[]): LanceQuery;
  limit(count: number): LanceQuery;
  toArray(): Promise<{ id: string; text: string }[]>;
}

interface LanceTable {
  add(rows: object[]): Promise<unknown>;
  createIndex(column: string, options: { config: object }): Promise<void>;
  optimize(): Promise<unknown>;
  query(): LanceQuery;
  close(): void;
}

interface LanceModule {
  connect(path: string): Promise<{
    createTable(name: string, rows: object[]): Promise<LanceTable>;
    openTable(name: string): Promise<LanceTable>;
    close(): void;
  }>;
  Index: { fts(options: object): object; hnswSq(options: object): object };
  rerankers: { RRFReranker: { create(): Promise<object> } };
}

const packages = ["@lancedb/lancedb"];
const analyzer = "LanceDB's: words in lower case, English stems, clew's stop words";
const rowsAtOnce = 10_000;

/** LanceDB's full-text index. */
export const lanceText: System = {
  name: "lancedb-text",
  packages,
  legs: ["lexical"],
  analyzer,
  work: "its BM25, any of the words",
  load: () => load({ dense: false }),
};

/** LanceDB without a vector index. */
export const lance: System = {
  name: "lancedb",
  packages,
  legs: ["dense", "hybrid"],
  analyzer,
  work: "dense: no vector index, exact cosines; hybrid: its own, reciprocal ranks",
  load: () => load({ dense: true }),
};

/** LanceDB with its approximate index. */
export const lanceApproximate: System = {
  name: "lancedb-hnsw",
  packages,
  legs: ["dense", "hybrid"],
  analyzer,
  work: "dense: HNSW over quantised vectors with its defaults, approximate; hybrid: its own, reciprocal ranks",
  load: () => load({ dense: true, approximate: true }),
};

async function load({ dense, approximate = false }: { dense: boolean; approximate?: boolean }): Promise<DiskSystem> {
  const { connect, Index, rerankers } = await loadPeer<LanceModule>("@lancedb/lancedb");
  return {
    keeps: "disk",
    build: async ({ passages, vectorOf }: SpeedCorpus, folder: string) => {
      const connection = await connect(folder);
      const rows = (from: number): object[] =>
        passages.slice(from, from + rowsAtOnce).map((passage, offset) => ({
          id: passage.id,
          text: passage.whole,
          ...(dense ? { vector: Array.from(vectorOf(from + offset)) } : {}),
        }));
      const table = await connection.createTable("passages", rows(0));
      for (let from = rowsAtOnce; from < passages.length; from += rowsAtOnce) await table.add(rows(from));
      await table.optimize();
      await table.createIndex("text", {
        config: Index.fts({
          withPosition: false,
          language: "English",
          lowercase: true,
          asciiFolding: true,
          stem: true,
          removeStopWords: true,
          customStopWords: [...stopWords("en")],
        }),
      });
      if (approximate) await table.createIndex("vector", { config: Index.hnswSq({ distanceType: "cosine" }) });
      table.close();
      connection.close();
    },
    open: async (folder: string) => {
      const connection = await connect(folder);
      const table = await connection.openTable("passages");
      const reranker = await rerankers.RRFReranker.create();
      const ids = async (query: LanceQuery, k: number): Promise<string[]> =>
        (await query.select(["id", "text"]).limit(k).toArray()).map(({ id }) => id);
      const nearest = (vector: Float32Array): LanceQuery => table.query().nearestTo(vector).distanceType("cosine");
      const columns = ["text"];
      return {
        legs: {
          lexical: ({ text }, k) => ids(table.query().fullTextSearch(text, { columns }), k),
          dense: ({ vector }, k) => ids(nearest(vector), k),
          hybrid: ({ text, vector }, k) => ids(nearest(vector).fullTextSearch(text, { columns }).rerank(reranker), k),
        },
        close: async () => {
          table.close();
          connection.close();
        },
      };
    },
  };
}
