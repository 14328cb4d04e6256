import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { SpeedCorpus, SpeedQuery } from "../corpus/speed-corpus.js";
import { loadPeer } from "./load-peer.js";
import { reciprocalRanks } from "./reciprocal-ranks.js";
import { type DiskSystem, hybridDepth, type System } from "./system.js";

interface Statement {
  all(...values: unknown[]): { readonly id: number; readonly text: string }[];
  run(...values: unknown[]): unknown;
}

interface Database {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  enableLoadExtension(allow: boolean): void;
  loadExtension(path: string): void;
  close(): void;
}

interface SqliteModule {
  DatabaseSync: new (path: string, options: { allowExtension: boolean; readOnly: boolean }) => Database;
}

interface VecModule {
  getLoadablePath(): string;
}

const analyzer = "FTS5's porter unicode61: Porter stems, no stop words";
const fts5 = "FTS5's bm25(), k1 1.2, b .75, any of the words";

/** SQLite's full-text search. */
export const sqliteText: System = {
  name: "sqlite-fts5",
  packages: ["@photostructure/sqlite"],
  legs: ["lexical"],
  analyzer,
  work: fts5,
  load: () => load(false),
};

/** SQLite's full-text search with sqlite-vec. */
export const sqlite: System = {
  name: "sqlite-vec",
  packages: ["@photostructure/sqlite", "sqlite-vec"],
  legs: ["dense", "hybrid"],
  analyzer,
  work: `dense: vec0, exact cosines over 32-bit floats; hybrid: reciprocal ranks of vec0 and ${fts5}, ${hybridDepth} deep`,
  load: () => load(true),
};

async function load(dense: boolean): Promise<DiskSystem> {
  const { DatabaseSync } = await loadPeer<SqliteModule>("@photostructure/sqlite");
  const extension = dense ? (await loadPeer<VecModule>("sqlite-vec")).getLoadablePath() : undefined;
  const openDatabase = (folder: string, readOnly: boolean): Database => {
    const database = new DatabaseSync(join(folder, "passages.db"), { allowExtension: dense, readOnly });
    if (extension !== undefined) {
      database.enableLoadExtension(true);
      database.loadExtension(extension);
    }
    return database;
  };
  return {
    keeps: "disk",
    build: async ({ passages, vectorOf, dimensions }: SpeedCorpus, folder: string) => {
      await mkdir(folder, { recursive: true });
      const database = openDatabase(folder, false);
      database.exec("CREATE VIRTUAL TABLE texts USING fts5(text, tokenize = 'porter unicode61')");
      if (dense) {
        database.exec(`CREATE VIRTUAL TABLE vectors USING vec0(vector float[${dimensions}] distance_metric=cosine)`);
      }
      database.exec("BEGIN");
      const addText = database.prepare("INSERT INTO texts(rowid, text) VALUES (?, ?)");
      const addVector = dense ? database.prepare("INSERT INTO vectors(rowid, vector) VALUES (?, ?)") : undefined;
      for (const [row, passage] of passages.entries()) {
        addText.run(BigInt(row), passage.whole);
        addVector?.run(BigInt(row), bytesOf(vectorOf(row)));
      }
      database.exec("COMMIT");
      database.exec("INSERT INTO texts(texts) VALUES ('optimize')");
      database.close();
    },
    open: async (folder: string) => {
      const database = openDatabase(folder, true);
      const byWords = database.prepare("SELECT rowid AS id, text FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT ?");
      const byVector = dense
        ? database.prepare(
            `SELECT found.rowid AS id, texts.text AS text
             FROM (SELECT rowid, distance FROM vectors WHERE vector MATCH ? AND k = ?) AS found
             JOIN texts ON texts.rowid = found.rowid ORDER BY found.distance`,
          )
        : undefined;
      const lexical = ({ text }: SpeedQuery, k: number): string[] => idsOf(byWords.all(anyWord(text), BigInt(k)));
      const nearest = ({ vector }: SpeedQuery, k: number): string[] => idsOf(byVector!.all(bytesOf(vector), BigInt(k)));
      return {
        legs: {
          lexical: async (query, k) => lexical(query, k),
          dense: async (query, k) => nearest(query, k),
          hybrid: async (query, k) => reciprocalRanks([lexical(query, hybridDepth), nearest(query, hybridDepth)], k),
        },
        close: async () => database.close(),
      };
    },
  };
}

const idsOf = (rows: readonly { readonly id: number }[]): string[] => rows.map(({ id }) => `p${id}`);

/** The words of a question as an FTS5 expression. */
const anyWord = (text: string): string =>
  [...new Set(text.match(/[\p{L}\p{N}]+/gu) ?? [])].map((word) => `"${word}"`).join(" OR ");

const bytesOf = (vector: Float32Array): Uint8Array =>
  new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
