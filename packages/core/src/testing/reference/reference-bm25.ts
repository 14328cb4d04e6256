import type { TermScore } from "../../search/explain.js";
import type { Passage } from "../../source/passage.js";
import type { Span } from "../../source/span.js";
import type { Analyzer } from "../../text/analyzer-port.js";

const k1 = 1.2;
const b = 0.75;
const positionsShown = 20;

/** A passage's score with its terms. */
export interface Bm25Score {
  readonly score: number;
  /** Only terms that occur in the passage. */
  readonly terms: readonly TermScore[];
}

interface QueryTerm {
  readonly term: string;
  readonly idf: number;
  readonly count: number;
}

/** BM25 over a fixed set of passages. */
export interface Bm25 {
  /** Distinct terms of a query, in order, with their inverse document frequency and how often they count. */
  terms(query: string): QueryTerm[];
  /** Scores a passage against terms; undefined for a passage that holds none of them. */
  score(passage: Passage, terms: readonly QueryTerm[]): Bm25Score | undefined;
  tf(passage: Passage, term: string): number;
  /** Terms of the passage, divided by the average. */
  length(passage: Passage): number;
}

/**
 * BM25 by the book, over title, headings, context and text as one field, statistics from these passages alone:
 * the sum over the distinct query terms of `count · idf · tf · (k1 + 1) / (tf + k1 · (1 − b + b · dl / avgdl))`, with
 * `idf = ln(1 + (N − df + 0.5) / (df + 0.5))`, k1 1.2, b 0.75; a term that the query has qtf times counts
 * `2 · qtf / (qtf + 1)` times.
 *
 * @see Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009
 */
export function referenceBm25(passages: readonly Passage[], analyzer: Analyzer): Bm25 {
  const frequencies = new Map(passages.map((passage) => [passage, countTerms(passage, analyzer)]));
  const documentFrequency = new Map<string, number>();
  let total = 0;
  for (const counts of frequencies.values()) {
    for (const [term, count] of counts) {
      documentFrequency.set(term, (documentFrequency.get(term) ?? 0) + 1);
      total += count;
    }
  }
  const average = total / passages.length;
  const lengthOf = (passage: Passage): number => {
    let terms = 0;
    for (const count of frequencies.get(passage)!.values()) terms += count;
    return terms;
  };
  const relativeLength = (passage: Passage): number => (average > 0 ? lengthOf(passage) / average : 0);

  return {
    terms: (query) => {
      const asked = analyzer.terms(query);
      return [...new Set(asked)].map((term) => {
        const df = documentFrequency.get(term) ?? 0;
        const qtf = asked.filter((other) => other === term).length;
        return { term, idf: Math.log(1 + (passages.length - df + 0.5) / (df + 0.5)), count: (2 * qtf) / (qtf + 1) };
      });
    },
    score: (passage, terms) => {
      const counts = frequencies.get(passage)!;
      const norm = k1 * (1 - b + b * relativeLength(passage));
      const found = terms.flatMap(({ term, idf, count }): TermScore[] => {
        const tf = counts.get(term);
        if (tf === undefined) return [];
        const df = documentFrequency.get(term)!;
        return [
          { term, tf, df, score: (count * idf * tf * (k1 + 1)) / (tf + norm), at: placesOf(term, passage, analyzer) },
        ];
      });
      if (found.length === 0) return undefined;
      return { score: found.reduce((sum, { score }) => sum + score, 0), terms: found };
    },
    tf: (passage, term) => frequencies.get(passage)!.get(term) ?? 0,
    length: relativeLength,
  };
}

function countTerms({ title, headings, context = "", text }: Passage, analyzer: Analyzer): Map<string, number> {
  const counts = new Map<string, number>();
  for (const field of [title, ...headings, context, text]) {
    for (const term of analyzer.terms(field)) counts.set(term, (counts.get(term) ?? 0) + 1);
  }
  return counts;
}

const placesOf = (term: string, { text }: Passage, analyzer: Analyzer): Span[] =>
  analyzer
    .analyze(text)
    .filter((token) => token.term === term)
    .slice(0, positionsShown)
    .map(({ start, end }) => [start, end]);
