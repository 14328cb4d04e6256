import { ClewError, type Embedder, type EmbedderFingerprint, raceSignal } from "@clew/core";
import { getJson, putJson } from "../records/json-record.js";
import { metaKey } from "../records/keys.js";
import { dot } from "../search/dot.js";
import { reading } from "../store/reading.js";
import type { Store, StoreReader, StoreWriter } from "../store/store.js";

/** Raise when records change their form. */
const format = 2;
const probeText = "Ariadne gave Theseus a ball of thread before he entered the labyrinth at Knossos in 1450.";
const leastCosine = 0.999;
const probeMs = 5000;

/** What made an index: all that its records depend on. */
export interface IndexMaker {
  readonly format: number;
  /** null: no dense leg. */
  readonly embedder: EmbedderFingerprint | null;
  readonly analyzer: string;
  readonly splitter: string;
  /** Whether it has a link leg. */
  readonly links: boolean;
  /** What the embedder makes of a fixed sentence; absent until it was first used. */
  readonly probe?: readonly number[] | undefined;
}

/** Options of {@link indexGuard}. */
export interface IndexGuardOptions {
  store: Store;
  /** As the user knows it, for messages. */
  name: string;
  embedder: Embedder | undefined;
  analyzer: string;
  splitter: string;
  links: boolean;
}

/** Refuses an index that something else made. */
export interface IndexGuard {
  /** Inside each writing transaction: leaves the maker's mark on an empty store, and checks that of another. */
  mark(writer: StoreWriter): void;
  /**
   * Before the embedder's first use on vectors of an earlier time: compares its vector of a fixed sentence with the one
   * stored. Remembers that it was right.
   */
  probe(signal: AbortSignal | undefined): Promise<void>;
  /** Before the store is closed: leaves the vector of the fixed sentence behind, if there is none. */
  leaveProbe(): Promise<void>;
}

/**
 * Compares what made the index with what is to use it.
 *
 * @throws ClewError `index-mismatch`, naming both and the remedy
 */
export function indexGuard({ store, name, embedder, analyzer, splitter, links }: IndexGuardOptions): IndexGuard {
  const mine: IndexMaker = { format, embedder: embedder?.fingerprint ?? null, analyzer, splitter, links };
  const stored = reading(store, storedMaker);
  // without an embedder an index with vectors can still be read
  if (stored !== undefined) compare(name, stored, mine, embedder === undefined);
  let probed: Promise<void> | undefined;
  let marked = false;

  const vectorOfProbe = async (signal?: AbortSignal): Promise<Float32Array | undefined> => {
    const vector = (await embedder?.embedQuery(probeText, { signal }))?.vectors[0];
    // a vector that is no vector is told where it is used
    return vector?.length === embedder?.fingerprint.dimensions && vector?.every(Number.isFinite) ? vector : undefined;
  };
  const remember = (vector: Float32Array): void =>
    store.write((writer) => {
      const maker = storedMaker(writer) ?? mine;
      if (maker.probe === undefined) putJson(writer, metaKey, { ...maker, probe: [...vector] });
    });
  const check = async (): Promise<void> => {
    const known = reading(store, storedMaker)?.probe;
    if (known === undefined && store.readOnly) return;
    const vector = await vectorOfProbe();
    if (vector === undefined) return;
    if (known === undefined) return remember(vector);
    const cosine = dot(Float32Array.from(known), vector);
    if (cosine >= leastCosine) return;
    throw mismatch(
      name,
      `embedder "${mine.embedder?.id}", whose vectors were others than those of the embedder of that name now ` +
        `(cosine of a fixed sentence ${cosine.toFixed(4)}, at least ${leastCosine} expected)`,
    );
  };

  return {
    mark: (writer) => {
      const now = storedMaker(writer);
      if (now === undefined) putJson(writer, metaKey, mine);
      else compare(name, now, mine, false);
      marked = true;
    },
    probe: (signal) => {
      // vectors of this very session need no proof
      if (embedder === undefined || stored === undefined) return Promise.resolve();
      if (probed === undefined) {
        // shared by all who wait for it, so it is no one's to abort
        const mine = check();
        probed = mine;
        // the failure is its caller's; the next one tries again
        mine.catch(() => {
          if (probed === mine) probed = undefined;
        });
      }
      return raceSignal(probed, signal);
    },
    leaveProbe: async () => {
      if (!marked || embedder === undefined || reading(store, storedMaker)?.probe !== undefined) return;
      try {
        const vector = await vectorOfProbe(AbortSignal.timeout(probeMs));
        if (vector !== undefined) remember(vector);
      } catch {
        // the embedder may be closed already, or away; whoever opens the index next leaves the vector instead
      }
    },
  };
}

/** What made the index; undefined for an empty store. @throws ClewError `index-damaged` */
export const storedMaker = (reader: StoreReader): IndexMaker | undefined => getJson<IndexMaker>(reader, metaKey);

function compare(name: string, stored: IndexMaker, mine: IndexMaker, reading: boolean): void {
  if (stored.format !== mine.format)
    throw mismatch(name, `format ${stored.format}, and this version reads ${mine.format}`);
  for (const part of ["analyzer", "splitter"] as const) {
    if (part === "splitter" && reading) continue;
    if (stored[part] !== mine[part])
      throw mismatch(name, `${part} "${stored[part]}", and is opened with "${mine[part]}"`);
  }
  if (stored.links !== mine.links) {
    const leg = (links: boolean): string => (links ? "a link leg" : "no link leg");
    throw mismatch(name, `${leg(stored.links)}, and is opened with links: ${mine.links}`);
  }
  if (reading) return;
  const [was, is] = [describe(stored.embedder), describe(mine.embedder)];
  if (was !== is) throw mismatch(name, `${was}, and is opened with ${is}`);
}

const describe = (embedder: EmbedderFingerprint | null): string => {
  if (embedder === null) return "no embedder";
  const { id, dimensions, pooling, normalised, queryPrefix, documentPrefix, maxTokens } = embedder;
  const prefixes =
    queryPrefix === "" && documentPrefix === "" ? "" : `, prefixes "${queryPrefix}" and "${documentPrefix}"`;
  return `embedder "${id}" (${dimensions} dimensions, ${pooling} pooling, ${normalised ? "" : "not "}normalised, ${maxTokens} tokens${prefixes})`;
};

const mismatch = (name: string, what: string): ClewError =>
  new ClewError(
    "index-mismatch",
    `The index at ${name} was made with ${what}. Open it with what made it, sync into another directory, or delete this one and sync again.`,
  );
