import type { PassageTerms } from "./passage-terms.js";
import type { QueryTerms } from "./query-terms.js";

/** What the place of a question's terms says of a passage; each in [0, 1]. */
export interface ProximityFeatures {
  /** Share of the title's terms that the question holds × the title's share of the question's weight. */
  readonly title: number;
  /** Pairs of neighbours in the question, by 1 / (least distance in the text)², as a share of the weight of all pairs. */
  readonly near: number;
  /** The most of the question's weight that stands within {@link windowWords} words of the text. */
  readonly window: number;
}

/** Words of the text by which the terms of one window are apart at most. */
export const windowWords = 10;

/**
 * Measures how near each other a question's terms stand in a passage, and how much of its title the question names.
 *
 * @param weights of the terms, by their number
 * @see Rasolofo and Savoy, "Term Proximity Scoring for Keyword-Based Retrieval Systems", ECIR 2003 (pairs, 1/d²)
 * @see Tao and Zhai, "An Exploration of Proximity Measures in Information Retrieval", SIGIR 2007 (least distances, windows)
 */
export function proximityFeatures(
  { pairs }: QueryTerms,
  { places, positions, inTitle, titleLength }: PassageTerms,
  weights: readonly number[],
): ProximityFeatures {
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  if (all === 0) return { title: 0, near: 0, window: 0 };
  let titled = 0;
  for (const [number, weight] of weights.entries()) if (inTitle.has(number)) titled += weight;

  let near = 0;
  let ofPairs = 0;
  for (const [first, second] of pairs) {
    const weight = Math.min(weights[first]!, weights[second]!);
    ofPairs += weight;
    near += weight / leastDistance(positions[first]!, positions[second]!) ** 2;
  }
  return {
    title: titleLength === 0 ? 0 : (inTitle.size / titleLength) * (titled / all),
    near: ofPairs === 0 ? 0 : near / ofPairs,
    window: Math.min(1, heaviestWindow(places, weights) / all),
  };
}

/** Words between the nearest occurrences of two terms; Infinity when one is missing. Both lists ascend. */
function leastDistance(first: readonly number[], second: readonly number[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (let a = 0, b = 0; a < first.length && b < second.length; ) {
    const distance = Math.abs(first[a]! - second[b]!);
    // a compound and its first part share a place
    least = Math.min(least, Math.max(1, distance));
    if (first[a]! < second[b]!) a += 1;
    else b += 1;
  }
  return least;
}

function heaviestWindow(places: PassageTerms["places"], weights: readonly number[]): number {
  const counts = weights.map(() => 0);
  let heaviest = 0;
  let inside = 0;
  let left = 0;
  for (const { number, position } of places) {
    if (counts[number]! === 0) inside += weights[number]!;
    counts[number]! += 1;
    for (; places[left]!.position < position - windowWords; left += 1) {
      const gone = places[left]!.number;
      counts[gone]! -= 1;
      if (counts[gone]! === 0) inside -= weights[gone]!;
    }
    heaviest = Math.max(heaviest, inside);
  }
  return heaviest;
}
