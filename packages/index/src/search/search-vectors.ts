import { pacer } from "../state/pacer.js";
import type { Selection } from "../state/selection.js";
import type { TenantState } from "../state/tenant-state.js";
import { scanCodes } from "./scan-codes.js";
import { type ScoredRow, TopK } from "./top-k.js";

/** Rounding of sums of a few thousand 32-bit products, generously. */
const slack = 1e-5;
/** Multiplications between two looks at the clock. */
const step = 1 << 21;

/** Options of {@link searchVectors}. */
export interface SearchVectorsOptions {
  query: Float32Array;
  chosen: Selection;
  k: number;
  /** The exact vector of a row. */
  exact: (segment: number, row: number) => Float32Array;
  signal?: AbortSignal | undefined;
  /** Called when the search goes on after a pause. @throws when it must not */
  resume?: (() => void) | undefined;
}

/**
 * The k rows nearest to the query by dot product, exactly: a scan of the quantised vectors bounds every score, and rows
 * are scored from their exact vectors, most promising first, until no bound reaches the k-th score.
 */
export async function searchVectors(state: TenantState, options: SearchVectorsOptions): Promise<ScoredRow[]> {
  const { query, chosen, k, exact, signal, resume } = options;
  const wide = Float64Array.from(query);
  const length = Math.sqrt(dot(query, query));
  const pace = pacer(signal);
  const bounds: Float64Array[] = [];
  const lowest = new TopK(k);
  for (const [index, { segment }] of state.segments.entries()) {
    const { vectors } = segment;
    const uppers = new Float64Array(segment.size);
    bounds.push(uppers);
    if (vectors === undefined) {
      uppers.fill(Number.NaN); // no bound: never a candidate
      continue;
    }
    const mask = chosen.masks[index]!;
    const rowsAtOnce = Math.max(1, Math.floor(step / vectors.dimensions));
    for (let from = 0; from < segment.size; from += rowsAtOnce) {
      const to = Math.min(segment.size, from + rowsAtOnce);
      scanCodes(wide, vectors, mask, from, to, uppers);
      for (let row = from; row < to; row++) {
        if (mask[row] === 0) continue;
        const error = vectors.errors[row]! * length + slack;
        const lower = uppers[row]! - error;
        uppers[row]! += error;
        if (lower > lowest.floor) lowest.offer({ segment: index, row, id: segment.ids[row]!, score: lower });
      }
      const pause = pace.pace();
      if (pause !== undefined) {
        await pause;
        resume?.();
      }
    }
  }

  const candidates: { segment: number; row: number; upper: number }[] = [];
  for (const [index, uppers] of bounds.entries()) {
    const mask = chosen.masks[index]!;
    for (let row = 0; row < uppers.length; row++) {
      if (mask[row] === 1 && uppers[row]! >= lowest.floor)
        candidates.push({ segment: index, row, upper: uppers[row]! });
    }
  }
  candidates.sort((a, b) => b.upper - a.upper);
  const best = new TopK(k);
  for (const { segment, row, upper } of candidates) {
    if (upper < best.floor) break;
    best.offer({
      segment,
      row,
      id: state.segments[segment]!.segment.ids[row]!,
      score: dot(exact(segment, row), query),
    });
    const pause = pace.pace();
    if (pause !== undefined) {
      await pause;
      resume?.();
    }
  }
  return best.sorted();
}

/** Summed in the order of the dimensions, in double precision. */
export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
