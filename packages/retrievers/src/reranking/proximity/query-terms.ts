import type { Analyzer } from "@clew/core/text";

/** A question, analysed once for all its hits. */
export interface QueryTerms {
  /** Number of each distinct term, in the order in which they first stand in the question. */
  readonly numbers: ReadonlyMap<string, number>;
  /** Pairs of different terms that stand near each other in the question, as numbers, the one that stands first first. */
  readonly pairs: readonly (readonly [first: number, second: number])[];
}

/** Places in the question by which two terms of a pair are apart at most. */
const reach = 2;

/** Analyses a question. */
export function queryTerms(question: string, analyzer: Analyzer): QueryTerms {
  const numbers = new Map<string, number>();
  const places: { readonly number: number; readonly position: number }[] = [];
  for (const { term, position } of analyzer.analyze(question)) {
    const number = numbers.get(term) ?? numbers.size;
    numbers.set(term, number);
    places.push({ number, position });
  }
  const pairs = new Map<string, readonly [number, number]>();
  for (const [at, first] of places.entries()) {
    for (const second of places.slice(at + 1)) {
      if (second.position - first.position > reach) break;
      if (second.number === first.number || second.position === first.position) continue;
      const pair = [first.number, second.number] as const;
      pairs.set(pair.join(), pair);
    }
  }
  return { numbers, pairs: [...pairs.values()] };
}
