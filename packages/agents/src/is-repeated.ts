import type { Analyzer } from "@clew/core/text";

/** Share of terms that two queries have in common from which they count as the same. */
const sameFrom = 0.9;

/**
 * True when a query asks for what an earlier one asked for: Jaccard overlap of their sets of terms (folded, stemmed,
 * stop words left out) of at least 0.9. Queries without any term are compared as they stand.
 */
export function isRepeated(query: string, earlier: readonly string[], analyzer: Analyzer): boolean {
  const terms = new Set(analyzer.terms(query));
  return earlier.some((other) => {
    const others = new Set(analyzer.terms(other));
    if (terms.size === 0 || others.size === 0) return query.trim() === other.trim();
    let shared = 0;
    for (const term of terms) if (others.has(term)) shared += 1;
    return shared / (terms.size + others.size - shared) >= sameFrom;
  });
}
