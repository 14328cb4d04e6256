/**
 * Share of a standard normal below x, to about 1e-15.
 *
 * @see Marsaglia, "Evaluating the Normal Distribution", Journal of Statistical Software 2004
 */
export function normalBelow(x: number): number {
  if (x < -8) return 0;
  if (x > 8) return 1;
  let sum = x;
  let term = x;
  for (let odd = 3; sum + term !== sum; odd += 2) {
    term *= (x * x) / odd;
    sum += term;
  }
  return 0.5 + sum * Math.exp(-0.5 * x * x - 0.918_938_533_204_672_8); // ln √(2π)
}

/** The x below which a share of a standard normal lies; by bisection of {@link normalBelow}, to about 1e-15. */
export function normalQuantile(share: number): number {
  if (share <= 0) return Number.NEGATIVE_INFINITY;
  if (share >= 1) return Number.POSITIVE_INFINITY;
  if (share > 0.5) return -normalQuantile(1 - share);
  let low = -8;
  let high = 0;
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (normalBelow(middle) < share) low = middle;
    else high = middle;
  }
  return share === 0.5 ? 0 : (low + high) / 2;
}
