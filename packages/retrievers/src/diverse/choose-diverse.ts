import { type Hit, sleep } from "@clew/core";

/** Options of {@link chooseDiverse}. */
export interface ChooseDiverseOptions {
  /** Best first. */
  readonly hits: readonly Hit[];
  /** Unit vector of each hit; undefined where it has none. */
  readonly vectors: readonly (Float32Array | undefined)[];
  /** Share of relevance, in [0, 1]. */
  readonly lambda: number;
  /** Hits at most. */
  readonly k: number;
  readonly signal?: AbortSignal | undefined;
}

interface Candidate {
  readonly hit: Hit;
  readonly rankBefore: number;
  readonly vector: Float32Array | undefined;
  readonly relevance: number;
  similarity: number;
  nearest: string | undefined;
}

/** Multiply-adds in one turn of the event loop. */
const batch = 4_000_000;

/** Takes one hit after the other, each the best by `lambda × relevance − (1 − lambda) × similarity`; see `diverse`. */
export async function chooseDiverse({ hits, vectors, lambda, k, signal }: ChooseDiverseOptions): Promise<Hit[]> {
  const relevanceOf = stretched(hits);
  const left = new Set(
    hits.map(
      (hit, index): Candidate => ({
        hit,
        rankBefore: index + 1,
        vector: vectors[index],
        relevance: relevanceOf(hit),
        similarity: 0,
        nearest: undefined,
      }),
    ),
  );
  const chosen: Hit[] = [];
  let worked = 0;
  while (chosen.length < k && left.size > 0) {
    let best: Candidate | undefined;
    let score = Number.NEGATIVE_INFINITY;
    for (const candidate of left) {
      const value = lambda * candidate.relevance - (1 - lambda) * candidate.similarity;
      const isBetter = value > score || (value === score && candidate.hit.passage.id < best!.hit.passage.id);
      if (isBetter) [best, score] = [candidate, value];
    }
    left.delete(best!);
    chosen.push(explained(best!, score, lambda));
    const { vector, hit } = best!;
    if (vector === undefined) continue;
    for (const candidate of left) {
      if (candidate.vector === undefined) continue;
      const cosine = dot(vector, candidate.vector);
      if (cosine > candidate.similarity) Object.assign(candidate, { similarity: cosine, nearest: hit.passage.id });
    }
    worked += left.size * vector.length;
    if (worked > batch) {
      await sleep(0, signal);
      worked = 0;
    }
  }
  return chosen;
}

const explained = (
  { hit, rankBefore, relevance, similarity, nearest }: Candidate,
  score: number,
  lambda: number,
): Hit => ({
  passage: hit.passage,
  score,
  explain: {
    kind: "other",
    name: "diverse",
    detail: { rankBefore, lambda, relevance, similarity, ...(nearest === undefined ? {} : { nearest }) },
    before: hit.explain,
  },
});

/** Scores from 0 for the least to 1 for the best; 1 where all are equal. */
function stretched(hits: readonly Hit[]): (hit: Hit) => number {
  const scores = hits.map(({ score }) => score);
  const least = scores.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const best = scores.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return best > least ? ({ score }) => (score - least) / (best - least) : () => 1;
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += a[index]! * b[index]!;
  return sum;
}
