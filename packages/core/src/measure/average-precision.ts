import { positiveInteger } from "../errors/check-number.js";
import { type Judgements, relevant } from "./judgements.js";

/**
 * Mean of the precisions at the ranks of the relevant documents, unfound ones counting 0. In [0, 1].
 *
 * @param k ranks looked at. @default all
 * @see trec_eval, `map`; with k, `map_cut`
 */
export function averagePrecision(ranking: readonly string[], judgements: Judgements, k?: number): number {
  const needed = relevant(judgements).length;
  const seen = k === undefined ? ranking : ranking.slice(0, positiveInteger("k", k));
  let found = 0;
  let sum = 0;
  for (const [index, id] of seen.entries()) {
    if ((judgements.get(id) ?? 0) > 0) {
      found += 1;
      sum += found / (index + 1);
    }
  }
  return needed === 0 ? 0 : sum / needed;
}
