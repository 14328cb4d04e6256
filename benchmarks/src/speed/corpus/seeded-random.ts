import { seededRandom as uniform } from "@clew/core/measure";

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
 * Draws over core's `seededRandom`.
 *
 * @see Box and Muller, "A note on the generation of random normal deviates", 1958
 */
export function seededRandom(seed: number): SeededRandom {
  const next = uniform(seed);
  let spare: number | undefined;
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
