import type { Analyzer } from "@clew/core/text";
import type { FieldWeights } from "../segment/segment-builder.js";
import { lexicalFields } from "../segment/source-rows.js";
import type { Selection, VisibleRows } from "../state/selection.js";
import type { TenantState } from "../state/tenant-state.js";
import { type PostingsRead, searchPostings } from "./search-postings.js";
import { type ScoredRow, TopK } from "./top-k.js";

/** Document frequencies remembered. */
const frequenciesKept = 1 << 14;

/**
 * How often a term counts that the query repeats: once, each time, or ever less: `qtf · (k3 + 1) / (qtf + k3)` with
 * k3 = 1, so 1, 4/3, 3/2 and never 2.
 */
export type QueryTermCounts = "distinct" | "saturated" | "all";

const k3 = 1;

/** What decides a BM25 score, apart from the texts. */
export interface Bm25Options {
  readonly k1: number;
  readonly b: number;
  readonly fields: FieldWeights;
  readonly queryTerms: QueryTermCounts;
}

/** A term of a query, with its statistics over the visible passages. */
export interface QueryTerm {
  readonly term: string;
  /** Times that it counts. */
  readonly count: number;
  readonly df: number;
  readonly idf: number;
  /** What it adds to a score at most: `count · idf · (k1 + 1)`. */
  readonly weight: number;
}

/** Part of one term in the score of one row. */
export interface TermPart {
  readonly query: QueryTerm;
  readonly tf: number;
  readonly score: number;
}

/**
 * BM25F over the visible passages: the sum over the query's terms of
 * `idf · tf · (k1 + 1) / (tf + k1 · (1 − b + b · dl / avgdl))` with `idf = ln(1 + (N − df + 0.5) / (df + 0.5))`, where tf
 * and dl are sums over the fields, times their weights. N, df and avgdl come from what the asker may see.
 *
 * @see Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009
 */
export class Bm25 {
  readonly #state: TenantState;
  readonly #visible: VisibleRows;
  readonly #options: Bm25Options;
  readonly #average: number;
  readonly #whole: boolean;
  /** `norm = base + slope · length`: k1 · (1 − b + b · dl / avgdl). */
  readonly #base: number;
  readonly #slope: number;
  readonly #frequencies = new Map<string, number>();

  constructor(state: TenantState, visible: VisibleRows, options: Bm25Options) {
    const { k1, b, fields } = options;
    this.#state = state;
    this.#visible = visible;
    this.#options = options;
    const total = lexicalFields.reduce((sum, field, i) => sum + fields[field] * visible.fieldTotals[i]!, 0);
    this.#average = total / visible.size;
    this.#base = k1 * (1 - b);
    this.#slope = this.#average > 0 ? (k1 * b) / this.#average : 0;
    this.#whole = state.segments.reduce((rows, { segment }) => rows + segment.size, 0) === visible.size;
  }

  /** Distinct terms of a query, in order. */
  terms(query: string, analyzer: Analyzer, read: PostingsRead = { postings: 0 }): QueryTerm[] {
    const { k1, queryTerms } = this.#options;
    const counts = new Map<string, number>();
    for (const term of analyzer.terms(query)) counts.set(term, (counts.get(term) ?? 0) + 1);
    return [...counts].map(([term, occurrences]) => {
      const df = this.#documentFrequency(term, read);
      const idf = Math.log(1 + (this.#visible.size - df + 0.5) / (df + 0.5));
      const count = counted(occurrences, queryTerms);
      return { term, count, df, idf, weight: count * idf * (k1 + 1) };
    });
  }

  /** The best k rows of a selection that hold a term of the query. */
  search(terms: readonly QueryTerm[], chosen: Selection, k: number, given: SearchDetails = {}): ScoredRow[] {
    const { read = { postings: 0 }, window } = given;
    const best = new TopK(k);
    const ordered = summed(terms);
    for (const [index, { segment }] of this.#state.segments.entries()) {
      const mask = chosen.masks[index]!;
      searchPostings({
        segment,
        index,
        mask,
        terms: ordered,
        base: this.#base,
        slope: this.#slope,
        best,
        read,
        window,
      });
    }
    return best.sorted();
  }

  /** What each term adds to the score of one row; terms that are not there are left out. */
  explain(terms: readonly QueryTerm[], segmentIndex: number, row: number): TermPart[] {
    const { segment } = this.#state.segments[segmentIndex]!;
    return terms.flatMap((query) => {
      const tf = this.frequency(query.term, segmentIndex, row);
      if (tf === 0) return [];
      return [{ query, tf, score: (query.weight * tf) / (tf + (this.#base + this.#slope * segment.lengths[row]!)) }];
    });
  }

  /** The score of one row, to the bit that of {@link search}; 0 for a row that holds none of the terms. */
  score(terms: readonly QueryTerm[], segmentIndex: number, row: number): number {
    return this.explain(summed(terms), segmentIndex, row).reduce((sum, { score }) => sum + score, 0);
  }

  /** Weighted length of a row, divided by the average. */
  relativeLength(segmentIndex: number, row: number): number {
    return this.#average > 0 ? this.#state.segments[segmentIndex]!.segment.lengths[row]! / this.#average : 0;
  }

  #documentFrequency(term: string, read: PostingsRead): number {
    let df = this.#frequencies.get(term);
    if (df !== undefined) return df;
    df = 0;
    for (const [index, { segment }] of this.#state.segments.entries()) {
      const { terms, starts, rows } = segment.postings;
      const number = terms.get(term);
      if (number === undefined) continue;
      if (this.#whole) {
        df += starts[number + 1]! - starts[number]!;
        continue;
      }
      const mask = this.#visible.masks[index]!;
      read.postings += starts[number + 1]! - starts[number]!;
      for (let i = starts[number]!; i < starts[number + 1]!; i++) df += mask[rows[i]!]!;
    }
    if (this.#frequencies.size >= frequenciesKept) this.#frequencies.clear();
    this.#frequencies.set(term, df);
    return df;
  }

  /** Weighted occurrences of a term in one row. */
  frequency(term: string, segmentIndex: number, row: number): number {
    const { terms, starts, rows, frequencies } = this.#state.segments[segmentIndex]!.segment.postings;
    const number = terms.get(term);
    if (number === undefined) return 0;
    let low = starts[number]!;
    let high = starts[number + 1]!;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (rows[middle]! < row) low = middle + 1;
      else high = middle;
    }
    return low < starts[number + 1]! && rows[low] === row ? frequencies[low]! : 0;
  }
}

/** Details of {@link Bm25.search} that change its cost alone. */
export interface SearchDetails {
  /** Counts. */
  read?: PostingsRead | undefined;
  /** Rows looked at together. */
  window?: number | undefined;
}

/** Terms in the order in which scores are summed: the heaviest first, equal ones as in the query. */
const summed = (terms: readonly QueryTerm[]): QueryTerm[] => [...terms].sort((a, b) => b.weight - a.weight);

function counted(occurrences: number, as: QueryTermCounts): number {
  if (as === "all") return occurrences;
  return as === "distinct" ? 1 : (occurrences * (k3 + 1)) / (occurrences + k3);
}
