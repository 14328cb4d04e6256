import { seededRandom } from "./seeded-random.js";

/**
 * A copy in an order that depends on the seed alone (Fisher–Yates over mulberry32): draws and halves of question sets
 * are the same on every machine.
 */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const copy = [...items];
  const random = seededRandom(seed);
  for (let last = copy.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [copy[last], copy[other]] = [copy[other]!, copy[last]!];
  }
  return copy;
}
