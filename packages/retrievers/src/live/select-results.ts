import { type Filter, matchesFilter, type Note, note } from "@clew/core";
import { freezeResult } from "./freeze-result.js";
import type { FrozenSource } from "./frozen-store.js";
import type { ReadLiveResult } from "./read-results.js";

/** A frozen result with its place in the list that came. */
export interface RankedSource {
  readonly frozen: FrozenSource;
  /** Rank in the list that came, from 1. */
  readonly result: number;
  /** The score that it came with; null where not every result has one. */
  readonly given: number | null;
}

/** Options of {@link selectResults}. */
export interface SelectResultsOptions {
  readonly origin: string;
  readonly query: string;
  readonly fetchedAt: number;
  /** Applied here; undefined where the function applied it. */
  readonly filter: Filter | undefined;
}

/** Freezes results: each content once, and only what the filter lets through; notes count the others. */
export function selectResults(
  results: readonly ReadLiveResult[],
  { origin, query, fetchedAt, filter }: SelectResultsOptions,
): { readonly sources: readonly RankedSource[]; readonly notes: readonly Note[] } {
  const of = results.length;
  const scored = results.filter(({ score }) => score !== null).length;
  const sources = new Map<string, RankedSource>();
  let outside = 0;
  let repeated = 0;
  for (const [index, result] of results.entries()) {
    const frozen = freezeResult(result, { origin, query, fetchedAt });
    const { id, title, uri, metadata } = frozen.text.source;
    if (filter !== undefined && !matchesFilter(filter, { source: id, title, uri, ...metadata })) outside += 1;
    else if (sources.has(id)) repeated += 1;
    else sources.set(id, { frozen, result: index + 1, given: scored === of ? result.score : null });
  }
  const notes: Note[] = [];
  if (scored > 0 && scored < of) {
    const message = `Only ${scored} of ${of} results of "${origin}" have a score: the order in which they came stands.`;
    notes.push(note("fell-back", message, { scored, of }));
  }
  if (repeated > 0) {
    const message = `${repeated} of ${of} results of "${origin}" repeated others word for word and were left out.`;
    notes.push(note("source-skipped", message, { repeated, of }));
  }
  if (outside > 0) {
    const message = `${outside} of ${of} results of "${origin}" lay outside the filter and were dropped.`;
    notes.push(note("filtered", message, { dropped: outside, of }));
  }
  return { sources: [...sources.values()], notes };
}
