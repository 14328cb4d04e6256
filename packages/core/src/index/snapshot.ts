import type { Filter } from "../filter/filter.js";
import type { EmbedOptions } from "../search/embedder.js";
import type { EmbeddedQuery, Query } from "../search/query.js";
import type { Passage } from "../source/passage.js";
import type { PassageId } from "../source/passage-id.js";
import type { SourceText } from "../source/source-text.js";
import type { Span } from "../source/span.js";
import type { LegOptions, LegResult } from "./leg-result.js";

/** What is known of a metadata field over a scope: for filters that a person or a model writes. */
export interface MetadataField {
  readonly name: string;
  readonly types: readonly ("string" | "number" | "boolean" | "null" | "array")[];
  /** Sources that have it. */
  readonly count: number;
  /** Up to 20 values, most frequent first, ties by code unit. */
  readonly examples: readonly (string | number | boolean)[];
}

/** A way in which one passage points to another. */
export interface Edge {
  readonly from: PassageId;
  readonly to: PassageId;
  /** `title`: `from` mentions the title or a heading of `to`; `entity`: they share a rare name. */
  readonly kind: "title" | "entity";
  /** Larger is closer; greater than 0. */
  readonly weight: number;
}

/** Options of the link leg. */
export interface LinkOptions {
  /** Only passages that match, at both ends of an edge. @default every passage in scope */
  readonly filter?: Filter | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A title found in a text. */
export interface Mention {
  /** Where it stands in the text. */
  readonly span: Span;
  /** As the text writes it. */
  readonly title: string;
  /** Passages that bear it, ordered by id: those of a source of up to 10 passages, else its first; of a heading, its section's first. */
  readonly passages: readonly PassageId[];
}

/** What can be asked of a known passage. */
export type PassageScore = "cosine" | "bm25" | "tf";

/** Scores of one passage; only what was asked for is there. */
export interface PassageScores {
  readonly cosine?: number | undefined;
  readonly bm25?: number | undefined;
  /** Weighted occurrences of each distinct query term, in the order of `terms`. */
  readonly tf?: readonly number[] | undefined;
}

/** What {@link Snapshot.score} gave. */
export interface ScoredPassages {
  /** In the order of the ids. */
  readonly scores: readonly PassageScores[];
  /** Distinct query terms as indexed, with their inverse document frequency in this scope; empty unless `tf` was asked. */
  readonly terms: readonly { readonly term: string; readonly idf: number }[];
  /** Length of each passage in terms, divided by the scope's average; empty unless `tf` was asked. */
  readonly lengths: readonly number[];
}

/**
 * One generation of an {@link IndexView}: every call sees the same state. Nothing outside the scope shows, in hits,
 * scores, links, titles or explanations. Ids that are not visible are left out of results, as if they did not exist.
 */
export interface Snapshot {
  readonly generation: number;
  /** Number of visible passages. */
  readonly size: number;
  metadata(): Promise<readonly MetadataField[]>;
  /**
   * Embeds a query once for every leg and view that needs its vector. Without an embedder the query comes back as it
   * is, without a vector.
   */
  embed(text: string, options?: EmbedOptions): Promise<EmbeddedQuery>;
  lexical(query: Query, options: LegOptions): Promise<LegResult>;
  /**
   * A query without a vector is embedded first.
   *
   * @throws ClewError `leg-missing` when the index has no embedder
   */
  dense(query: Query, options: LegOptions): Promise<LegResult>;
  /** Scores a known pool, not a top k. `cosine` needs a query with a vector, and is left out without one. */
  score(
    ids: readonly PassageId[],
    query: Query,
    what: readonly PassageScore[],
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<ScoredPassages>;
  /**
   * Edges that start or end at these passages: titles and headings of other passages that a text mentions, and rare names
   * that two passages share (one edge a pair, from the lesser id). Names that lead everywhere make none: titles borne by
   * more than 10 passages or mentioned by more than 100, names in more than 10. In the order of `from`, `to`, kind.
   */
  links(ids: readonly PassageId[], options?: LinkOptions): Promise<readonly Edge[]>;
  /**
   * The words that made these edges, in their order: a title or heading as the text of `from` writes it, or the rarest name
   * that both passages hold; undefined for what is no edge here. Reads texts: ask for few.
   */
  linkWords(edges: readonly Edge[], options?: Pick<LinkOptions, "signal">): Promise<readonly (string | undefined)[]>;
  /** Titles and headings that the text mentions: the longest match from left to right; longest first. */
  titlesIn(text: string, options?: LinkOptions): Promise<readonly Mention[]>;
  /** In the order of the ids. */
  passages(ids: readonly PassageId[]): Promise<readonly (Passage | undefined)[]>;
  /** L2-normalised, in the order of the ids. */
  vectors(ids: readonly PassageId[]): Promise<readonly (Float32Array | undefined)[]>;
  /** The passage itself and those around it, in the order of the source. */
  around(id: PassageId, unit: "neighbours" | "section" | "page"): Promise<readonly Passage[]>;
  /** The canonical text of a visible source. */
  sourceText(source: string): Promise<SourceText | undefined>;
}
