import type { Analyzer } from "@clew/core/text";

/** What one who is called so does, as terms: an auditor audits. */
export function doing(term: string, analyzer: Analyzer): readonly string[] {
  const stem = /^(\p{L}{4,})(?:or|er)$/u.exec(term)?.[1];
  return stem === undefined ? [] : analyzer.terms(stem);
}
