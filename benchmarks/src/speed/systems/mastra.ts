import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { SpeedCorpus } from "../corpus/speed-corpus.js";
import { loadPeer } from "./load-peer.js";
import type { System } from "./system.js";

interface MastraModule {
  LibSQLVector: new (options: {
    connectionUrl: string;
  }) => {
    createIndex(options: { indexName: string; dimension: number; metric: "cosine" }): Promise<void>;
    upsert(options: { indexName: string; vectors: number[][]; metadata: object[]; ids: string[] }): Promise<unknown>;
    query(options: { indexName: string; queryVector: number[]; topK: number }): Promise<{ id: string }[]>;
  };
}

const indexName = "passages";
const rowsAtOnce = 1000;

/** Mastra's vector store without a server, which its retrieval tool asks. */
export const mastra: System = {
  name: "mastra",
  packages: ["@mastra/libsql", "@mastra/core"],
  legs: ["dense"],
  work: "LibSQLVector, exact cosines over all rows; it also builds an index that its queries do not use",
  load: async () => {
    const { LibSQLVector } = await loadPeer<MastraModule>("@mastra/libsql");
    const storeIn = (folder: string) => new LibSQLVector({ connectionUrl: `file:${join(folder, "vectors.db")}` });
    return {
      keeps: "disk",
      build: async ({ passages, vectorOf, dimensions }: SpeedCorpus, folder: string) => {
        await mkdir(folder, { recursive: true });
        const store = storeIn(folder);
        await store.createIndex({ indexName, dimension: dimensions, metric: "cosine" });
        for (let from = 0; from < passages.length; from += rowsAtOnce) {
          const batch = passages.slice(from, from + rowsAtOnce);
          await store.upsert({
            indexName,
            ids: batch.map(({ id }) => id),
            vectors: batch.map((_, offset) => Array.from(vectorOf(from + offset))),
            metadata: batch.map((passage) => ({ text: passage.whole })),
          });
        }
      },
      open: async (folder: string) => {
        const store = storeIn(folder);
        return {
          legs: {
            dense: async ({ vector }, k) =>
              (await store.query({ indexName, queryVector: Array.from(vector), topK: k })).map(({ id }) => id),
          },
          close: async () => undefined,
        };
      },
    };
  },
};
