import { positiveInteger } from "../../errors/check-number.js";
import { ClewError } from "../../errors/clew-error.js";
import { invalidOption } from "../../errors/invalid-option.js";
import { checkFilter } from "../../filter/check-filter.js";
import { filterRecord, matchesFilter } from "../../filter/matches-filter.js";
import type { LegOptions, LegResult } from "../../index/leg-result.js";
import type { PassageScores, Snapshot } from "../../index/snapshot.js";
import { note } from "../../run/note.js";
import { noUsage } from "../../run/usage.js";
import type { Embedder } from "../../search/embedder.js";
import type { Explain } from "../../search/explain.js";
import { compareHits, type Hit } from "../../search/hit.js";
import type { Query } from "../../search/query.js";
import { raceSignal } from "../../search/race-signal.js";
import type { Passage } from "../../source/passage.js";
import type { PassageId } from "../../source/passage-id.js";
import type { Analyzer } from "../../text/analyzer-port.js";
import { passagesAround } from "./passages-around.js";
import { referenceBm25 } from "./reference-bm25.js";
import { linkEdges, titleMentions } from "./reference-links.js";
import { metadataFields } from "./reference-metadata.js";
import type { StoredSource } from "./tenant-state.js";
import { checkVector } from "./vectors-for.js";

/** Options of {@link referenceSnapshot}. */
export interface ReferenceSnapshotOptions {
  /** The sources that the asker may see, and no others. */
  sources: readonly StoredSource[];
  generation: number;
  embedder: Embedder | undefined;
  analyzer: Analyzer;
  signal: AbortSignal | undefined;
}

/** A snapshot over sources that are all visible: what is hidden has never been here. */
export function referenceSnapshot({
  sources,
  generation,
  embedder,
  analyzer,
  signal: readSignal,
}: ReferenceSnapshotOptions): {
  readonly snapshot: Snapshot;
  readonly end: () => void;
} {
  let ended = false;
  const begin = (signal?: AbortSignal): void => {
    readSignal?.throwIfAborted();
    signal?.throwIfAborted();
    if (ended) throw new ClewError("closed", "The snapshot has ended with its read; search inside of it.");
  };

  const passages = sources.flatMap((source) => source.passages);
  const byId = new Map(passages.map((passage) => [passage.id, passage]));
  const vectorById = new Map(
    sources.flatMap(({ passages, vectors }) => vectors.map((vector, index) => [passages[index]!.id, vector] as const)),
  );
  let statistics: ReturnType<typeof referenceBm25> | undefined;
  const bm25 = (): ReturnType<typeof referenceBm25> => {
    statistics ??= referenceBm25(passages, analyzer);
    return statistics;
  };

  const rank = (
    scored: Iterable<Omit<Hit, "explain"> & { readonly explain: (rank: number) => Explain }>,
    { k, minScore }: LegOptions,
  ): Pick<LegResult, "hits" | "notes"> => {
    const best = [...scored]
      .sort(compareHits)
      .slice(0, positiveInteger("k", k))
      .map(({ passage, score, explain }, index): Hit => ({ passage, score, explain: explain(index + 1) }));
    if (minScore === undefined) return { hits: best, notes: [] };
    const hits = best.filter(({ score }) => score >= minScore);
    const dropped = best.length - hits.length;
    if (dropped === 0) return { hits, notes: [] };
    const message = `${dropped} of the ${best.length} best hits scored below ${minScore} and were dropped.`;
    return { hits, notes: [note("below-minimum-score", message, { dropped, minScore })] };
  };
  const matching = (filter: LegOptions["filter"]): Passage[] => {
    if (filter === undefined) return passages;
    checkFilter(filter);
    return passages.filter((passage) => matchesFilter(filter, filterRecord(passage)));
  };

  const embed: Snapshot["embed"] = async (text, options = {}) => {
    if (embedder === undefined) return { query: { text }, notes: [], usage: noUsage };
    const signal = options.signal ?? options.call?.signal;
    const { vectors, notes, usage } = await raceSignal(embedder.embedQuery(text, options), signal);
    const { dimensions, id } = embedder.fingerprint;
    checkVector(vectors[0] ?? new Float32Array(), dimensions, id, "the query");
    return { query: { text, vector: vectors[0]! }, notes, usage };
  };
  const checkQueryVector = ({ vector }: Query): void => {
    const dimensions = embedder?.fingerprint.dimensions;
    if (vector !== undefined && dimensions !== undefined && vector.length !== dimensions) {
      throw invalidOption("query.vector", `of ${dimensions} dimensions`, vector.length);
    }
  };

  const snapshot: Snapshot = {
    generation,
    size: passages.length,

    metadata: async () => {
      begin();
      return metadataFields(sources.map(({ record }) => record.metadata));
    },

    embed: async (text, options = {}) => {
      begin(options.signal);
      return embed(text, options);
    },

    lexical: async (query, options) => {
      begin(options.signal);
      const terms = bm25().terms(query.text);
      const scored = matching(options.filter).flatMap((passage) => {
        const found = bm25().score(passage, terms);
        if (found === undefined) return [];
        const explain = (rank: number): Explain => ({ kind: "leg", leg: "lexical", rank, terms: found.terms });
        return [{ passage, score: found.score, explain }];
      });
      return { ...rank(scored, options), usage: noUsage };
    },

    dense: async (query, options) => {
      begin(options.signal);
      if (embedder === undefined) {
        throw new ClewError("leg-missing", "This index has no embedder; open it with one to search the dense leg.");
      }
      const candidates = matching(options.filter);
      checkQueryVector(query);
      const embedded =
        query.vector === undefined ? await embed(query.text, options) : { query, notes: [], usage: noUsage };
      begin(options.signal);
      const scored = candidates.map((passage) => {
        const cosine = dot(vectorById.get(passage.id)!, embedded.query.vector!);
        return {
          passage,
          score: cosine,
          explain: (rank: number): Explain => ({ kind: "leg", leg: "dense", rank, cosine }),
        };
      });
      const ranked = rank(scored, options);
      return { hits: ranked.hits, notes: [...embedded.notes, ...ranked.notes], usage: embedded.usage };
    },

    score: async (ids, query, what, { signal } = {}) => {
      begin(signal);
      const wants = new Set(what);
      checkQueryVector(query);
      const vector = wants.has("cosine") && embedder !== undefined ? query.vector : undefined;
      const terms = wants.has("bm25") || wants.has("tf") ? bm25().terms(query.text) : [];
      const scores = ids.map((id): PassageScores => {
        const passage = byId.get(id);
        if (passage === undefined) return {};
        return {
          ...(vector === undefined ? {} : { cosine: dot(vectorById.get(id)!, vector) }),
          ...(wants.has("bm25") ? { bm25: bm25().score(passage, terms)?.score ?? 0 } : {}),
          ...(wants.has("tf") ? { tf: terms.map(({ term }) => bm25().tf(passage, term)) } : {}),
        };
      });
      if (!wants.has("tf")) return { scores, terms: [], lengths: [] };
      const lengths = ids.map((id) => (byId.has(id) ? bm25().length(byId.get(id)!) : 0));
      return { scores, terms: terms.map(({ term, idf }) => ({ term, idf })), lengths };
    },

    links: async (ids, { filter, signal } = {}) => {
      begin(signal);
      const chosen = new Set(matching(filter).map(({ id }) => id));
      const wanted = new Set<PassageId>(ids);
      return linkEdges(passages)
        .filter(({ from, to }) => chosen.has(from) && chosen.has(to) && (wanted.has(from) || wanted.has(to)))
        .map(({ words: _words, ...edge }) => edge);
    },
    linkWords: async (edges, { signal } = {}) => {
      begin(signal);
      const all = linkEdges(passages);
      return edges.map(
        ({ from, to, kind }) => all.find((edge) => edge.from === from && edge.to === to && edge.kind === kind)?.words,
      );
    },
    titlesIn: async (text, { filter, signal } = {}) => {
      begin(signal);
      const chosen = new Set(matching(filter).map(({ id }) => id));
      return titleMentions(text, passages)
        .map((mention) => ({ ...mention, passages: mention.passages.filter((id) => chosen.has(id)) }))
        .filter((mention) => mention.passages.length > 0);
    },
    passages: async (ids) => {
      begin();
      return ids.map((id) => byId.get(id));
    },
    vectors: async (ids) => {
      begin();
      return ids.map((id) => vectorById.get(id));
    },
    around: async (id, unit) => {
      begin();
      const passage = byId.get(id);
      if (passage === undefined) return [];
      return passagesAround(passage, sources.find(({ record }) => record.id === passage.source)!.passages, unit);
    },
    sourceText: async (id) => {
      begin();
      return sources.find(({ record }) => record.id === id)?.text;
    },
  };
  return {
    snapshot,
    end: () => {
      ended = true;
    },
  };
}

/** Both are L2-normalised, so this is their cosine. */
const dot = (a: Float32Array, b: Float32Array): number => {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += a[index]! * b[index]!;
  return sum;
};
