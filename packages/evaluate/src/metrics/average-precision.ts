import { type Judgements, relevant } from "./judgements.js";

/**
 * Mean of the precisions at the ranks of the relevant documents, unfound ones counting 0. In [0, 1].
 *
 * @see trec_eval, `map`
 */
export function averagePrecision(ranking: readonly string[], judgements: Judgements): number {
  const needed = relevant(judgements).length;
  let found = 0;
  let sum = 0;
  for (const [index, id] of ranking.entries()) {
    if ((judgements.get(id) ?? 0) > 0) {
      found += 1;
      sum += found / (index + 1);
    }
  }
  return needed === 0 ? 0 : sum / needed;
}

/** 1 / rank of the first relevant document among the first k; 0 when there is none. */
export function reciprocalRank(ranking: readonly string[], judgements: Judgements, k = 100): number {
  const first = ranking.slice(0, k).findIndex((id) => (judgements.get(id) ?? 0) > 0);
  return first < 0 ? 0 : 1 / (first + 1);
}
