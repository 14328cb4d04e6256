import { positiveInteger } from "../errors/check-number.js";
import type { Judgements } from "./judgements.js";

/**
 * Normalised discounted cumulative gain of the first k, in [0, 1]: gain = grade, discount = log2(rank + 1), divided by
 * that of the best possible order. 0 for a query without relevant documents; a grade below 0 gains nothing.
 *
 * @param k ranks looked at, of the ranking and of the best order. @default all
 * @see trec_eval, `ndcg_cut` and `ndcg`; Järvelin and Kekäläinen, TOIS 2002
 */
export function ndcg(ranking: readonly string[], judgements: Judgements, k?: number): number {
  const cut = k === undefined ? undefined : positiveInteger("k", k);
  const gains = ranking.slice(0, cut).map((id) => Math.max(0, judgements.get(id) ?? 0));
  const ideal = [...judgements.values()]
    .filter((grade) => grade > 0)
    .sort((a, b) => b - a)
    .slice(0, cut);
  const best = discounted(ideal);
  return best === 0 ? 0 : discounted(gains) / best;
}

const discounted = (gains: readonly number[]): number =>
  gains.reduce((sum, gain, index) => sum + gain / Math.log2(index + 2), 0);
