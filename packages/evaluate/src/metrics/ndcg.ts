import { positiveInteger } from "@clew/core";
import type { Judgements } from "./judgements.js";

/**
 * Normalised discounted cumulative gain of the first k, in [0, 1]: gain = grade, discount = log2(rank + 1), divided by
 * that of the best possible order. 0 for a query without relevant documents.
 *
 * @see trec_eval, `ndcg_cut`; Järvelin and Kekäläinen, TOIS 2002
 */
export function ndcg(ranking: readonly string[], judgements: Judgements, k: number): number {
  positiveInteger("k", k);
  const gains = ranking.slice(0, k).map((id) => Math.max(0, judgements.get(id) ?? 0));
  const ideal = [...judgements.values()]
    .filter((grade) => grade > 0)
    .sort((a, b) => b - a)
    .slice(0, k);
  const best = discounted(ideal);
  return best === 0 ? 0 : discounted(gains) / best;
}

const discounted = (gains: readonly number[]): number =>
  gains.reduce((sum, gain, index) => sum + gain / Math.log2(index + 2), 0);
