import { type SpeedVectors, vectorAt } from "./speed-corpus.js";

/** The ids of the k passages nearest to each question by cosine, by looking at all of them; ties by number. */
export function exactNeighbours({ dimensions, passages, queries }: SpeedVectors, k: number): string[][] {
  const count = passages.length / dimensions;
  return Array.from({ length: queries.length / dimensions }, (_, asked) => {
    const query = vectorAt(queries, dimensions, asked);
    const scores = new Float64Array(count);
    for (let row = 0, at = 0; row < count; row++) {
      let sum = 0;
      for (let j = 0; j < dimensions; j++, at++) sum += passages[at]! * query[j]!;
      scores[row] = sum;
    }
    const floor = scores.toSorted()[count - Math.min(k, count)]!;
    const best: number[] = [];
    for (let row = 0; row < count; row++) if (scores[row]! >= floor) best.push(row);
    return best
      .sort((a, b) => scores[b]! - scores[a]! || a - b)
      .slice(0, k)
      .map((row) => `p${row}`);
  });
}
