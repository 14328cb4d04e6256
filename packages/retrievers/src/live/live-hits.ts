import type { Hit, Passage } from "@clew/core";

/** The passages that one result contributes. */
export interface LivePassages {
  /** Rank in the list that was given, from 1. */
  readonly result: number;
  /** The score that it came with. */
  readonly given: number | null;
  readonly fetchedAt: number;
  /** Those that match the query best, best first. */
  readonly passages: readonly Passage[];
}

/** Share of a score by which what comes behind it with the same score is lowered. */
const step = 2 ** -40;

/**
 * Hits in the order of the results' scores, else in the order in which they were given; passages of one result stand
 * together. With scores, a hit has its result's, lowered by parts in 10^12 where a tie would lose the order; without,
 * `1 / rank`.
 */
export function liveHits(found: readonly LivePassages[], origin: string): Hit[] {
  const scored = found.length > 0 && found.every(({ given }) => given !== null);
  const ordered = scored ? [...found].sort((a, b) => b.given! - a.given! || a.result - b.result) : found;
  let previous = Number.POSITIVE_INFINITY;
  let rank = 0;
  return ordered.flatMap(({ result, given, fetchedAt, passages }) =>
    passages.map((passage): Hit => {
      rank += 1;
      const below = Number.isFinite(previous) ? previous - Math.max(Math.abs(previous), 1e-9) * step : previous;
      const score = scored ? Math.min(given!, below) : 1 / rank;
      previous = score;
      return {
        passage,
        score,
        explain: {
          kind: "other",
          name: "live",
          detail: {
            origin,
            result,
            order: scored ? "by score" : "as given",
            ...(given === null ? {} : { given }),
            fetchedAt,
          },
        },
      };
    }),
  );
}
