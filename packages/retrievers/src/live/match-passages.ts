import type { Passage } from "@clew/core";
import type { Analyzer } from "@clew/core/text";

const k1 = 1.2;
const b = 0.75;

/**
 * How well each passage of one text matches a query: BM25 over these passages alone,
 * `sum of ln(1 + (n - df + .5) / (df + .5)) * tf (k1 + 1) / (tf + k1 (1 - b + b length / average))` over the distinct
 * terms of the query. It chooses among the passages of a long result, and compares nothing else. It yields after each
 * passage, so that whoever walks it can let other work run.
 *
 * @see Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009
 */
export function* matchPassages(
  query: string,
  passages: readonly Passage[],
  analyzer: Analyzer,
): Generator<void, number[]> {
  const wanted = [...new Set(analyzer.terms(query))];
  const counts: number[][] = [];
  const lengths: number[] = [];
  for (const { text } of passages) {
    const terms = analyzer.terms(text);
    const tf = new Map<string, number>();
    for (const term of terms) tf.set(term, (tf.get(term) ?? 0) + 1);
    counts.push(wanted.map((term) => tf.get(term) ?? 0));
    lengths.push(terms.length);
    yield;
  }
  const average = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length) || 1;
  const idf = wanted.map((_, at) => {
    const df = counts.filter((tf) => tf[at]! > 0).length;
    return Math.log(1 + (passages.length - df + 0.5) / (df + 0.5));
  });
  return counts.map((tfs, row) =>
    tfs.reduce((sum, tf, at) => {
      const norm = k1 * (1 - b + (b * lengths[row]!) / average);
      return sum + (tf === 0 ? 0 : (idf[at]! * tf * (k1 + 1)) / (tf + norm));
    }, 0),
  );
}
