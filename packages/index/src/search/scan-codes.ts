import type { SegmentVectors } from "../segment/segment.js";

/**
 * Approximate dot products of a query with rows [from, to), into `scores`; what the mask leaves out is not touched.
 * The true ones are no further off than the rows' errors times the length of the query.
 */
export function scanCodes(
  query: Float64Array,
  { codes, scales, dimensions }: SegmentVectors,
  mask: Uint8Array,
  from: number,
  to: number,
  scores: Float64Array,
): void {
  const even = dimensions - (dimensions % 4);
  for (let row = from; row < to; row++) {
    if (mask[row] === 0) continue;
    const start = row * dimensions;
    // four sums: additions that do not wait for one another
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let i = 0; i < even; i += 4) {
      a += query[i]! * codes[start + i]!;
      b += query[i + 1]! * codes[start + i + 1]!;
      c += query[i + 2]! * codes[start + i + 2]!;
      d += query[i + 3]! * codes[start + i + 3]!;
    }
    for (let i = even; i < dimensions; i++) a += query[i]! * codes[start + i]!;
    scores[row] = (a + b + (c + d)) * scales[row]!;
  }
}
