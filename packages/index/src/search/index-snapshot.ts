import {
  ClewError,
  type Embedder,
  type Explain,
  type Hit,
  invalidOption,
  type LegOptions,
  type LegResult,
  note,
  noUsage,
  type Passage,
  type PassageScores,
  positiveInteger,
  type Query,
  raceSignal,
  type Snapshot,
  type SourceText,
} from "@clew/core";
import type { Analyzer } from "@clew/core/text";
import type { TenantLinks } from "../links/tenant-links.js";
import { getJson } from "../records/json-record.js";
import { sourceHash, type TenantKeys } from "../records/keys.js";
import { type StoredPassage, type StoredText, toPassage } from "../records/stored-records.js";
import { vectorKeyBytes } from "../segment/quantise.js";
import type { HeldReader } from "../store/store.js";
import type { VectorCache } from "../sync/vector-cache.js";
import { checkVector } from "./check-vector.js";
import { dot } from "./dot.js";
import { lexicalExplain } from "./lexical-explain.js";
import { metadataFields } from "./metadata-fields.js";
import { passagesAround } from "./passages-around.js";
import type { RowPlace } from "./row-place.js";
import { searchVectors } from "./search-vectors.js";
import { titlesIn } from "./titles-in.js";
import type { ScoredRow } from "./top-k.js";
import type { ViewState } from "./view-state.js";

/** Options of {@link indexSnapshot}. */
export interface IndexSnapshotOptions {
  view: ViewState;
  reader: HeldReader;
  keys: TenantKeys;
  analyzer: Analyzer;
  embedder: Embedder | undefined;
  /** Checks, before the first use of the embedder, that it still makes the vectors of this index. */
  probe: (signal: AbortSignal | undefined) => Promise<void>;
  cache: VectorCache | undefined;
  /** Absent in an index without a link leg. */
  links: TenantLinks | undefined;
  /** Threads that a dense search may use, this one among them. */
  threads: number;
  signal: AbortSignal | undefined;
}

/** A {@link Snapshot} over one generation in memory and the store as it was then. */
export function indexSnapshot(options: IndexSnapshotOptions): {
  readonly snapshot: Snapshot;
  readonly end: () => void;
} {
  const { view, reader, keys, analyzer, embedder, probe, cache, links, threads, signal: readSignal } = options;
  const { state, bm25, visible } = view;
  let ended = false;

  const begin = (signal?: AbortSignal): void => {
    readSignal?.throwIfAborted();
    signal?.throwIfAborted();
    if (ended) throw new ClewError("closed", "The snapshot has ended with its read; search inside of it.");
  };

  const passageAt = (hash: string, ordinal: number): Passage | undefined => {
    const record = visible.sources.get(hash);
    if (record === undefined || ordinal < 0 || ordinal >= record.passages) return undefined;
    const key = keys.passage(hash, ordinal);
    const stored = getJson<StoredPassage>(reader, key);
    if (stored === undefined) {
      throw new ClewError(
        "index-damaged",
        `The index is damaged: passage ${ordinal} of source "${record.id}" is missing. Delete its directory and sync again.`,
      );
    }
    return toPassage(stored, ordinal, record);
  };
  const passageOf = ({ segment, row }: RowPlace): Passage => {
    const { owners, ordinals, sources } = state.segments[segment]!.segment;
    return passageAt(sources[owners[row]!]!, ordinals[row]!)!;
  };
  const vectorOf = (segment: number, row: number): Float32Array => {
    const { vectors, ids } = state.segments[segment]!.segment;
    const bytes = vectors?.keys.subarray(row * vectorKeyBytes, (row + 1) * vectorKeyBytes);
    const vector = bytes && cache?.get(reader, Buffer.from(bytes).toString("hex"));
    if (vector === undefined) {
      throw new ClewError(
        "index-damaged",
        `The index is damaged: the vector of passage ${ids[row]} is missing. Delete its directory and sync again.`,
      );
    }
    return vector;
  };

  const legResult = (
    rows: readonly ScoredRow[],
    { minScore }: LegOptions,
    explain: Explained,
  ): Pick<LegResult, "hits" | "notes"> => {
    const kept = minScore === undefined ? rows : rows.filter(({ score }) => score >= minScore);
    const hits = kept.map((row, index): Hit => {
      const passage = passageOf(row);
      return { passage, score: row.score, explain: explain(row, index + 1, passage) };
    });
    const dropped = rows.length - kept.length;
    if (dropped === 0 || minScore === undefined) return { hits, notes: [] };
    const message = `${dropped} of the ${rows.length} best hits scored below ${minScore} and were dropped.`;
    return { hits, notes: [note("below-minimum-score", message, { dropped, minScore })] };
  };

  const embed: Snapshot["embed"] = async (text, given = {}) => {
    if (embedder === undefined) return { query: { text }, notes: [], usage: noUsage };
    const signal = given.signal ?? given.call?.signal ?? readSignal;
    await probe(signal);
    const { vectors, notes, usage } = await raceSignal(embedder.embedQuery(text, { ...given, signal }), signal);
    const { dimensions, id } = embedder.fingerprint;
    const vector = vectors[0] ?? new Float32Array();
    checkVector(vector, dimensions, id, "the query");
    return { query: { text, vector }, notes, usage };
  };
  const checkQueryVector = ({ vector }: Query): void => {
    const dimensions = embedder?.fingerprint.dimensions;
    if (vector !== undefined && dimensions !== undefined && vector.length !== dimensions) {
      throw invalidOption("query.vector", `of ${dimensions} dimensions`, vector.length);
    }
    if (vector !== undefined && !vector.every(Number.isFinite)) {
      throw invalidOption("query.vector", "of finite numbers");
    }
  };

  const snapshot: Snapshot = {
    generation: state.generation,
    size: visible.size,

    metadata: async () => {
      begin();
      return metadataFields([...visible.sources.values()].map(({ metadata }) => metadata));
    },

    embed: async (text, given = {}) => {
      begin(given.signal);
      return embed(text, given);
    },

    lexical: async (query, given) => {
      begin(given.signal);
      const chosen = view.matching(given.filter);
      const terms = bm25.terms(query.text, analyzer);
      const rows = bm25.search(terms, chosen, positiveInteger("k", given.k));
      const explain: Explained = ({ segment, row }, rank, { text }) =>
        lexicalExplain({ rank, parts: bm25.explain(terms, segment, row), text, analyzer });
      return { ...legResult(rows, given, explain), usage: noUsage };
    },

    dense: async (query, given) => {
      begin(given.signal);
      if (embedder === undefined) {
        throw new ClewError("leg-missing", "This index has no embedder; open it with one to search the dense leg.");
      }
      const k = positiveInteger("k", given.k);
      const chosen = view.matching(given.filter);
      checkQueryVector(query);
      const embedded =
        query.vector === undefined ? await embed(query.text, given) : { query, notes: [], usage: noUsage };
      begin(given.signal);
      const rows = await searchVectors(state, {
        query: embedded.query.vector ?? new Float32Array(),
        chosen,
        k,
        exact: vectorOf,
        threads,
        signal: given.signal ?? readSignal,
        resume: begin,
      });
      const explain: Explained = ({ score }, rank) => ({ kind: "leg", leg: "dense", rank, cosine: score });
      const found = legResult(rows, given, explain);
      return { hits: found.hits, notes: [...embedded.notes, ...found.notes], usage: embedded.usage };
    },

    score: async (ids, query, what, given = {}) => {
      begin(given.signal);
      checkQueryVector(query);
      const wants = new Set(what);
      const vector = wants.has("cosine") && embedder !== undefined ? query.vector : undefined;
      const terms = wants.has("bm25") || wants.has("tf") ? bm25.terms(query.text, analyzer) : [];
      const places = ids.map((id) => view.place(id));
      const scores = places.map((place): PassageScores => {
        if (place === undefined) return {};
        const { segment, row } = place;
        return {
          ...(vector === undefined ? {} : { cosine: dot(vectorOf(segment, row), vector) }),
          ...(wants.has("bm25") ? { bm25: bm25.score(terms, segment, row) } : {}),
          ...(wants.has("tf") ? { tf: terms.map(({ term }) => bm25.frequency(term, segment, row)) } : {}),
        };
      });
      if (!wants.has("tf")) return { scores, terms: [], lengths: [] };
      return {
        scores,
        terms: terms.map(({ term, idf }) => ({ term, idf })),
        lengths: places.map((place) => (place === undefined ? 0 : bm25.relativeLength(place.segment, place.row))),
      };
    },

    links: async (ids, given = {}) => {
      begin(given.signal);
      if (links === undefined) return [];
      const chosen = view.matching(given.filter);
      const graph = view.links(await links.of(state, reader, given.signal ?? readSignal));
      begin(given.signal);
      return graph.edges(ids, chosen);
    },
    linkWords: async (edges, given = {}) => {
      begin(given.signal);
      if (links === undefined) return edges.map(() => undefined);
      const graph = view.links(await links.of(state, reader, given.signal ?? readSignal));
      begin(given.signal);
      return graph.words(edges, passageOf);
    },
    titlesIn: async (text, given = {}) => {
      begin(given.signal);
      if (links === undefined) return [];
      const chosen = view.matching(given.filter);
      const graph = view.links(await links.of(state, reader, given.signal ?? readSignal));
      begin(given.signal);
      return titlesIn(text, graph, chosen);
    },
    passages: async (ids) => {
      begin();
      return ids.map((id) => {
        const place = view.place(id);
        return place && passageOf(place);
      });
    },
    vectors: async (ids) => {
      begin();
      return ids.map((id) => {
        const place = view.place(id);
        return place && embedder && vectorOf(place.segment, place.row);
      });
    },
    around: async (id, unit) => {
      begin();
      const place = view.place(id);
      if (place === undefined) return [];
      const passage = passageOf(place);
      const hash = sourceHash(passage.source);
      return passagesAround(passage, (ordinal) => passageAt(hash, ordinal), unit);
    },
    sourceText: async (id): Promise<SourceText | undefined> => {
      begin();
      const hash = sourceHash(id);
      const record = visible.sources.get(hash);
      const stored = record && getJson<StoredText>(reader, keys.one("text", hash));
      if (record === undefined || stored === undefined) return undefined;
      const { passages: _passages, syncedAt: _syncedAt, ...source } = record;
      return { source, ...stored };
    },
  };
  return {
    snapshot,
    end: () => {
      ended = true;
    },
  };
}

type Explained = (row: ScoredRow, rank: number, passage: Passage) => Explain;
