import { type Hit, sleep } from "@clew/core";
import type { Analyzer } from "@clew/core/text";

/** Options of {@link feedbackTerms}. */
export interface FeedbackTermsOptions {
  readonly query: string;
  /** All that the query found, best first. */
  readonly hits: readonly Hit[];
  /** Hits at the head that are taken as relevant. */
  readonly passages: number;
  /** Terms at most. */
  readonly terms: number;
  readonly analyzer: Analyzer;
  readonly signal?: AbortSignal | undefined;
}

/** A term that sets the best hits apart. */
export interface FeedbackTerm {
  readonly term: string;
  /** As the best hit that holds it writes it. */
  readonly word: string;
  /** Above 0. */
  readonly weight: number;
}

/** UTF-16 code units that are read of a passage at most. */
const maxText = 4_000;
/** Passages that are read in one turn of the event loop. */
const batch = 20;

/** Terms by weight downwards, then by code unit; none of the query's own. See `feedback` for the formula. */
export async function feedbackTerms(options: FeedbackTermsOptions): Promise<FeedbackTerm[]> {
  const { query, hits, passages, terms, analyzer, signal } = options;
  const best = hits.slice(0, passages);
  const total = best.reduce((sum, { score }) => sum + Math.max(0, score), 0);
  const asked = new Set(analyzer.terms(query));
  const candidates = new Map<string, { word: string; weight: number; holders: number }>();
  for (const { passage, score } of best) {
    const text = textOf(passage);
    const tokens = analyzer.analyze(text);
    const share = total > 0 ? Math.max(0, score) / total : 1 / best.length;
    const seen = new Set<string>();
    for (const { term, start, end } of tokens) {
      if (asked.has(term)) continue;
      const candidate = candidates.get(term) ?? { word: text.slice(start, end), weight: 0, holders: 0 };
      candidates.set(term, candidate);
      candidate.weight += share / tokens.length;
      if (seen.has(term)) continue;
      seen.add(term);
      candidate.holders += 1;
    }
  }
  const frequency = new Map<string, number>();
  for (const [index, { passage }] of hits.entries()) {
    if (index % batch === batch - 1) await sleep(0, signal);
    for (const term of new Set(analyzer.terms(textOf(passage)))) {
      if (candidates.has(term)) frequency.set(term, (frequency.get(term) ?? 0) + 1);
    }
  }
  const least = Math.min(2, best.length);
  return [...candidates]
    .filter(([term, { holders }]) => holders >= least && term.length > 1)
    .map(([term, { word, weight }]) => ({
      term,
      word,
      weight: weight * Math.log((hits.length + 1) / (frequency.get(term)! + 0.5)),
    }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight || (a.term < b.term ? -1 : 1))
    .slice(0, terms);
}

const textOf = ({ title, text }: Hit["passage"]): string => `${title}\n${text}`.slice(0, maxText);
