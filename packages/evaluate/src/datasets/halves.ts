import { shuffled } from "@clew/core/measure";

/** A set cut in two: one half to tune on, the other to report. */
export interface Halves<T> {
  readonly first: readonly T[];
  readonly second: readonly T[];
}

/** The halves of `shuffled(items, seed)`; of an odd number, the first is the larger. */
export function halves<T>(items: readonly T[], seed: number): Halves<T> {
  const order = shuffled(items, seed);
  const middle = Math.ceil(order.length / 2);
  return { first: order.slice(0, middle), second: order.slice(middle) };
}
