/**
 * Positions, from 0, of the evidence ids that a model named, in its order: the first naming of each counts, unknown ids
 * are passed over.
 *
 * @param count number of ids that exist: `E1` to `E<count>`
 */
export function parseOrder(answer: string, count: number): number[] {
  const positions = [...answer.matchAll(/\bE(\d{1,6})\b/g)].map((match) => Number(match[1]) - 1);
  return [...new Set(positions)].filter((position) => position >= 0 && position < count);
}
