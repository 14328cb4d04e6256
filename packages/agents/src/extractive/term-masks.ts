import type { TermWeights } from "./term-weights.js";

/** Sets of question terms as bits, so that what several sentences cover together is quick to tell. */
export interface TermMasks {
  /** Those of the question's terms that a set holds. */
  of(terms: ReadonlySet<string>): number;
  /** Share of the question's weight, in [0, 1]. */
  cover(mask: number): number;
}

/** Bits that fit: of a longer question, the terms that tell most. */
const most = 30;

/** Masks over the weights of one question's terms. */
export function termMasks(weights: TermWeights): TermMasks {
  const kept = [...weights].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, most);
  const all = kept.reduce((sum, [, weight]) => sum + weight, 0);
  const known = new Map<number, number>();
  return {
    of(terms) {
      let mask = 0;
      for (const [bit, [term]] of kept.entries()) if (terms.has(term)) mask |= 1 << bit;
      return mask;
    },
    cover(mask) {
      const before = known.get(mask);
      if (before !== undefined) return before;
      let sum = 0;
      for (const [bit, [, weight]] of kept.entries()) if (mask & (1 << bit)) sum += weight;
      const share = all === 0 ? 0 : sum / all;
      known.set(mask, share);
      return share;
    },
  };
}
