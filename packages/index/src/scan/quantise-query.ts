/** A query in two bytes a dimension: `query ≈ scale × codes`, no further off than `residual` (Euclidean distance). */
export interface QuantisedQuery {
  readonly codes: Int16Array;
  readonly scale: number;
  readonly residual: number;
  /** Euclidean length of the query itself. */
  readonly length: number;
}

const mostLevels = 32_767;
/** What the magnitudes of a query's codes may sum to: times a code of a row (at most 128), it stays below 2^31. */
const mostSum = Math.floor((2 ** 31 - 1) / 128);

/**
 * Quantises a query for `scan-kernel.wat`: as finely as 16 bits allow, and coarser where sums of products with int8 codes
 * could leave 32 bits. The numbers must be finite.
 */
export function quantiseQuery(query: Float32Array): QuantisedQuery {
  let peak = 0;
  let sum = 0;
  let squares = 0;
  for (const value of query) {
    peak = Math.max(peak, Math.abs(value));
    sum += Math.abs(value);
    squares += value * value;
  }
  const length = Math.sqrt(squares);
  const codes = new Int16Array(query.length);
  // rounding adds at most a half to each magnitude
  const levels = Math.min(mostLevels, Math.floor(((mostSum - query.length / 2 - 1) * peak) / sum));
  if (!(levels >= 1)) return { codes, scale: 0, residual: length, length };
  const scale = peak / levels;
  let left = 0;
  for (const [i, value] of query.entries()) {
    const code = Math.round(value / scale);
    codes[i] = code;
    left += (value - scale * code) ** 2;
  }
  return { codes, scale, residual: Math.sqrt(left), length };
}
