/** Random numbers that a seed decides. */
export interface SeededRandom {
  /** In [0, 1). */
  next(): number;
  /** A whole number in [0, below). */
  integer(below: number): number;
  /** Of the standard normal distribution. */
  normal(): number;
  /** One of the values. */
  pick<T>(values: readonly T[]): T;
}

/**
 * A generator with 32 bits of state, enough to make texts and vectors.
 *
 * @see Ettinger, "mulberry32"; Box and Muller, "A note on the generation of random normal deviates", 1958
 */
export function seededRandom(seed: number): SeededRandom {
  let state = seed | 0;
  let spare: number | undefined;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (below: number): number => Math.floor(next() * below);
  return {
    next,
    integer,
    normal: () => {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return value;
      }
      const radius = Math.sqrt(-2 * Math.log(1 - next()));
      const angle = 2 * Math.PI * next();
      spare = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
    pick: (values) => values[integer(values.length)]!,
  };
}
