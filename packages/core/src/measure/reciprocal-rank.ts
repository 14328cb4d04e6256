import { positiveInteger } from "../errors/check-number.js";
import type { Judgements } from "./judgements.js";

/**
 * 1 / rank of the first relevant document among the first k; 0 when there is none.
 *
 * @param k ranks looked at. @default 100
 * @see trec_eval, `recip_rank`, which looks at all that was retrieved
 */
export function reciprocalRank(ranking: readonly string[], judgements: Judgements, k = 100): number {
  const first = ranking.slice(0, positiveInteger("k", k)).findIndex((id) => (judgements.get(id) ?? 0) > 0);
  return first < 0 ? 0 : 1 / (first + 1);
}
