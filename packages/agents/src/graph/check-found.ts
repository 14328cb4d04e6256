import {
  ClewError,
  type Filter,
  filterRecord,
  type Hit,
  matchesFilter,
  type Note,
  note,
  type SearchResult,
} from "@clew/core";

/** Options of {@link checkFound}. */
export interface CheckFoundOptions {
  /** Kind of the retriever, for messages. */
  readonly kind: string;
  /** What was searched within. */
  readonly filter: Filter | undefined;
}

/**
 * What a retriever found, when it makes sense: a retriever need not be one of `defineRetriever`'s, which check. Hits that
 * the search's filter does not let pass are dropped, with a note.
 *
 * @throws ClewError `retriever-failed`
 */
export function checkFound(found: SearchResult, { kind, filter }: CheckFoundOptions): SearchResult {
  const fail = (what: string): never => {
    throw new ClewError("retriever-failed", `The retriever "${kind}" returned ${what}.`);
  };
  if (!isRecord(found) || !Array.isArray(found.hits) || !Array.isArray(found.notes))
    return fail("no list of hits and notes");
  const { usage } = found;
  const counts = isRecord(usage) ? [usage.inputTokens, usage.outputTokens, usage.calls, usage.usd] : [undefined];
  if (!counts.every((count) => typeof count === "number" && Number.isFinite(count) && count >= 0)) {
    fail("a usage that is no count");
  }
  for (const hit of found.hits as readonly Partial<Hit>[]) {
    if (!isRecord(hit) || !isPassage(hit.passage)) fail("a hit without a passage");
    if (!Number.isFinite(hit.score)) fail(`the score ${String(hit.score)} for passage ${hit.passage!.id}`);
  }
  if (filter === undefined) return found;
  const hits = found.hits.filter(({ passage }) => matchesFilter(filter, filterRecord(passage)));
  const dropped = found.hits.length - hits.length;
  if (dropped === 0) return found;
  const message = `The retriever "${kind}" found ${dropped} passages outside of the filter; they were dropped.`;
  const notes: readonly Note[] = [...found.notes, note("filtered", message, { dropped })];
  return { ...found, hits, notes };
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

const isPassage = (value: unknown): boolean =>
  isRecord(value) &&
  ["id", "source", "text", "title"].every((field) => typeof value[field] === "string") &&
  Array.isArray(value.span);
