import type { Segment } from "../segment/segment.js";
import type { TopK } from "./top-k.js";

/** Rows looked at together: their sums stay in the processor's cache. */
const defaultWindow = 8192;
/** A posting looked up costs about so much more than one that is read in a row. */
const lookUpCost = 8;
/** Above every error that rounding makes in a bound or a sum. */
const slack = 1 + 1e-9;

/** A term as the search of a segment needs it. */
export interface WeightedTerm {
  readonly term: string;
  /** What it adds to a score at most: its share is `weight · tf / (tf + norm)`. */
  readonly weight: number;
}

/** Counts the postings that a search read: the cost of a lexical search. */
export interface PostingsRead {
  postings: number;
}

/** Options of {@link searchPostings}. */
export interface SearchPostingsOptions {
  segment: Segment;
  /** Number of the segment, for the hits. */
  index: number;
  /** 1 for each row that counts. */
  mask: Uint8Array;
  /** In the order in which a score is summed: the heaviest first. */
  terms: readonly WeightedTerm[];
  /** `norm = base + slope · length`. */
  base: number;
  slope: number;
  /** Takes the hits; what it holds already bounds what is looked at. */
  best: TopK;
  read: PostingsRead;
  /** @default 8192 */
  window?: number | undefined;
}

let sums = new Float64Array(0);
let touched = new Uint32Array(0);

/**
 * Offers the best rows of a segment to `best`, exactly, by MaxScore in windows of rows: the lightest terms that
 * together cannot lift a row over the k-th score are only added to rows that heavier terms have brought near it, read in
 * a row or looked up, whichever is cheaper. A row's parts are summed in the order of the terms whatever is left out, and
 * a row is only left out when its bound is below the k-th score, so scores and ties are those of an exhaustive search.
 *
 * @see Turtle and Flood, "Query evaluation: strategies and optimizations", 1995
 */
export function searchPostings(options: SearchPostingsOptions): void {
  const { segment, index, mask, best, base, slope, read, window = defaultWindow } = options;
  const { terms: numbers, starts, rows, frequencies } = segment.postings;
  const { lengths, ids, size } = segment;
  const found = options.terms.flatMap(({ term, weight }) => {
    const number = numbers.get(term);
    return number === undefined ? [] : [{ number, weight }];
  });
  const count = found.length;
  const weights = Float64Array.from(found, ({ weight }) => weight);
  const from = Uint32Array.from(found, ({ number }) => starts[number]!);
  const end = Uint32Array.from(found, ({ number }) => starts[number + 1]!);
  /** What the terms from the i-th on add at most. */
  const rest = new Float64Array(count + 1);
  for (let i = count - 1; i >= 0; i--) rest[i] = rest[i + 1]! + weights[i]! * slack;
  if (sums.length < window) {
    sums = new Float64Array(window);
    touched = new Uint32Array(window);
  }

  let needed = count;
  for (let first = 0; first < size; first += window) {
    const last = Math.min(size, first + window);
    const floor = best.floor;
    while (needed > 0 && rest[needed - 1]! < floor) needed--;
    if (needed === 0) return;

    let rowsTouched = 0;
    for (let i = 0; i < needed; i++) {
      const weight = weights[i]!;
      const stop = end[i]!;
      let at = from[i]!;
      for (; at < stop; at++) {
        const row = rows[at]!;
        if (row >= last) break;
        if (mask[row] === 0) continue;
        const place = row - first;
        const sum = sums[place]!;
        if (sum === 0) touched[rowsTouched++] = place;
        const tf = frequencies[at]!;
        sums[place] = sum + (weight * tf) / (tf + (base + slope * lengths[row]!));
      }
      read.postings += at - from[i]!;
      from[i] = at;
    }

    let kept = keep(rowsTouched, floor - rest[needed]!);
    for (let i = needed; i < count && kept > 0; i++) {
      const weight = weights[i]!;
      const stop = end[i]!;
      const begin = lowerBound(rows, from[i]!, stop, first);
      const until = lowerBound(rows, begin, stop, last);
      from[i] = until;
      if (until - begin <= kept * lookUpCost) {
        read.postings += until - begin;
        for (let at = begin; at < until; at++) {
          const row = rows[at]!;
          const sum = sums[row - first]!;
          if (sum === 0) continue;
          const tf = frequencies[at]!;
          sums[row - first] = sum + (weight * tf) / (tf + (base + slope * lengths[row]!));
        }
      } else {
        read.postings += kept;
        for (let j = 0; j < kept; j++) {
          const row = first + touched[j]!;
          const at = lowerBound(rows, begin, until, row);
          if (at === until || rows[at] !== row) continue;
          const tf = frequencies[at]!;
          sums[row - first]! += (weight * tf) / (tf + (base + slope * lengths[row]!));
        }
      }
      kept = keep(kept, floor - rest[i + 1]!);
    }

    for (let j = 0; j < kept; j++) {
      const place = touched[j]!;
      const score = sums[place]!;
      sums[place] = 0;
      const row = first + place;
      if (score >= best.floor) best.offer({ segment: index, row, id: ids[row]!, score });
    }
  }
}

/** Keeps of the first rows touched those whose sum reaches `least`; the sums of the others become 0. */
function keep(count: number, least: number): number {
  if (!(least > 0)) return count;
  let kept = 0;
  for (let j = 0; j < count; j++) {
    const place = touched[j]!;
    if (sums[place]! * slack >= least) touched[kept++] = place;
    else sums[place] = 0;
  }
  return kept;
}

/** Index of the first row that is not below `row`, searched for in steps that double. */
function lowerBound(rows: Uint32Array, from: number, end: number, row: number): number {
  let low = from;
  let high = from;
  for (let step = 1; high < end && rows[high]! < row; step *= 2) {
    low = high + 1;
    high += step;
  }
  if (high > end) high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows[middle]! < row) low = middle + 1;
    else high = middle;
  }
  return low;
}
