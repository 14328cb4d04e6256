import type { BeirDocument, BeirQuery } from "../datasets/beir-dataset.js";
import { porterStem } from "./porter-stemmer.js";

/** Parameters of {@link referenceBm25}. */
export interface ReferenceBm25Options {
  /** Lower-case runs of a to z and digits; `stem`: without Lucene's English stop words, stemmed by Porter. */
  readonly tokens: "raw" | "stem";
  readonly k1: number;
  readonly b: number;
}

const stopWords = new Set(
  "a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to was will with".split(
    " ",
  ),
);

/**
 * BM25 written out: every occurrence of a query token adds `idf · tf (k1 + 1) / (tf + k1 (1 − b + b · length / average))`
 * with `idf = ln(1 + (N − df + .5) / (df + .5))`; equal scores by document id.
 *
 * @returns a function that gives the first 100 documents with their scores
 */
export function referenceBm25(
  corpus: readonly BeirDocument[],
  { tokens, k1, b }: ReferenceBm25Options,
): (query: Pick<BeirQuery, "text">) => (readonly [id: string, score: number])[] {
  const stems = new Map<string, string>();
  const analyse = (text: string): string[] => {
    const words = text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
    if (tokens === "raw") return words;
    return words
      .filter((word) => !stopWords.has(word))
      .map((word) => {
        const stem = stems.get(word) ?? porterStem(word);
        stems.set(word, stem);
        return stem;
      });
  };
  const postings = new Map<string, Map<number, number>>();
  const lengths = corpus.map(({ title, text }, index) => {
    const terms = analyse(`${title} ${text}`);
    for (const term of terms) {
      const posting = postings.get(term) ?? new Map<number, number>();
      posting.set(index, (posting.get(index) ?? 0) + 1);
      postings.set(term, posting);
    }
    return terms.length;
  });
  const average = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  return ({ text }) => {
    const scores = new Map<number, number>();
    for (const term of analyse(text)) {
      const posting = postings.get(term) ?? new Map<number, number>();
      const idf = Math.log(1 + (corpus.length - posting.size + 0.5) / (posting.size + 0.5));
      for (const [index, tf] of posting) {
        const gain = (idf * tf * (k1 + 1)) / (tf + k1 * (1 - b + (b * lengths[index]!) / average));
        scores.set(index, (scores.get(index) ?? 0) + gain);
      }
    }
    return [...scores]
      .map(([index, score]) => [corpus[index]!.id, score] as const)
      .sort(([idA, a], [idB, b]) => b - a || (idA < idB ? -1 : 1))
      .slice(0, 100);
  };
}
