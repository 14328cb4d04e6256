/** Maps the least of the values to 0 and the greatest to 1; everything to 1 where all are equal. */
export function stretched(values: readonly number[]): (value: number) => number {
  const least = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const best = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return best > least ? (value) => (value - least) / (best - least) : () => 1;
}
