import type { Analyzer } from "@clew/core/text";
import type { FieldWeights } from "../segment/segment-builder.js";
import { lexicalFields } from "../segment/source-rows.js";
import type { Selection, VisibleRows } from "../state/selection.js";
import type { TenantState } from "../state/tenant-state.js";
import { type ScoredRow, TopK } from "./top-k.js";

/** What decides a BM25 score, apart from the texts. */
export interface Bm25Options {
  readonly k1: number;
  readonly b: number;
  readonly fields: FieldWeights;
  /** Whether a term that the query repeats counts once or each time. */
  readonly queryTerms: "distinct" | "all";
}

/** A term of a query, with its statistics over the visible passages. */
export interface QueryTerm {
  readonly term: string;
  /** Times that it counts. */
  readonly count: number;
  readonly df: number;
  readonly idf: number;
}

/** Part of one term in the score of one row. */
export interface TermPart {
  readonly query: QueryTerm;
  readonly tf: number;
  readonly score: number;
}

/** Counts the postings that a search read: the cost of a lexical search. */
export interface PostingsRead {
  postings: number;
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

  constructor(state: TenantState, visible: VisibleRows, options: Bm25Options) {
    this.#state = state;
    this.#visible = visible;
    this.#options = options;
    const total = lexicalFields.reduce((sum, field, i) => sum + options.fields[field] * visible.fieldTotals[i]!, 0);
    this.#average = total / visible.size;
    this.#whole = state.segments.reduce((rows, { segment }) => rows + segment.size, 0) === visible.size;
  }

  /** Distinct terms of a query, in order. */
  terms(query: string, analyzer: Analyzer, read: PostingsRead = { postings: 0 }): QueryTerm[] {
    const counts = new Map<string, number>();
    for (const term of analyzer.terms(query)) counts.set(term, (counts.get(term) ?? 0) + 1);
    return [...counts].map(([term, count]) => {
      const df = this.#documentFrequency(term, read);
      const idf = Math.log(1 + (this.#visible.size - df + 0.5) / (df + 0.5));
      return { term, count: this.#options.queryTerms === "all" ? count : 1, df, idf };
    });
  }

  /** The best k rows of a selection that hold a term of the query. */
  search(terms: readonly QueryTerm[], chosen: Selection, k: number, read: PostingsRead = { postings: 0 }): ScoredRow[] {
    const best = new TopK(k);
    for (const [index, { segment }] of this.#state.segments.entries()) {
      const mask = chosen.masks[index]!;
      const sums = new Float64Array(segment.size);
      const touched: number[] = [];
      const { terms: numbers, starts, rows, frequencies } = segment.postings;
      for (const term of terms) {
        const number = numbers.get(term.term);
        if (number === undefined) continue;
        read.postings += starts[number + 1]! - starts[number]!;
        for (let i = starts[number]!; i < starts[number + 1]!; i++) {
          const row = rows[i]!;
          if (mask[row] === 0) continue;
          if (sums[row] === 0) touched.push(row);
          sums[row]! += this.#part(term, frequencies[i]!, segment.lengths[row]!);
        }
      }
      for (const row of touched) {
        const score = sums[row]!;
        if (score >= best.floor) best.offer({ segment: index, row, id: segment.ids[row]!, score });
      }
    }
    return best.sorted();
  }

  /** What each term adds to the score of one row; terms that are not there are left out. */
  explain(terms: readonly QueryTerm[], segmentIndex: number, row: number): TermPart[] {
    const { segment } = this.#state.segments[segmentIndex]!;
    return terms.flatMap((query) => {
      const tf = this.frequency(query.term, segmentIndex, row);
      return tf === 0 ? [] : [{ query, tf, score: this.#part(query, tf, segment.lengths[row]!) }];
    });
  }

  /** Weighted length of a row, divided by the average. */
  relativeLength(segmentIndex: number, row: number): number {
    return this.#relative(this.#state.segments[segmentIndex]!.segment.lengths[row]!);
  }

  #part({ count, idf }: QueryTerm, tf: number, length: number): number {
    const { k1, b } = this.#options;
    const norm = k1 * (1 - b + b * this.#relative(length));
    return (count * (idf * tf * (k1 + 1))) / (tf + norm);
  }

  #relative(length: number): number {
    return this.#average > 0 ? length / this.#average : 0;
  }

  #documentFrequency(term: string, read: PostingsRead): number {
    let df = 0;
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
