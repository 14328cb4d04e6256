import { positiveInteger } from "../errors/check-number.js";
import { type Judgements, relevant } from "./judgements.js";

/** Share of the relevant documents among the first k, in [0, 1]; 0 for a query without any (trec_eval, `recall`). */
export function recall(ranking: readonly string[], judgements: Judgements, k: number): number {
  const ids = relevant(judgements);
  return ids.length === 0 ? 0 : found(ranking, judgements, k) / ids.length;
}

/** Share of the first k that is relevant, in [0, 1]; a ranking shorter than k is as if filled with others (trec_eval, `P`). */
export function precision(ranking: readonly string[], judgements: Judgements, k: number): number {
  return found(ranking, judgements, k) / k;
}

/**
 * Precision at the number of relevant documents, in [0, 1]; 0 for a query without any.
 *
 * @see trec_eval, `Rprec`
 */
export function rPrecision(ranking: readonly string[], judgements: Judgements): number {
  const needed = relevant(judgements).length;
  return needed === 0 ? 0 : precision(ranking, judgements, needed);
}

/** 1 when one of the first k is relevant, else 0 (trec_eval, `success`). */
export function hitRate(ranking: readonly string[], judgements: Judgements, k: number): number {
  return found(ranking, judgements, k) > 0 ? 1 : 0;
}

/** 1 when every relevant document is among the first k, else 0: what a multi-hop question needs. */
export function allEvidence(ranking: readonly string[], judgements: Judgements, k: number): number {
  const needed = relevant(judgements).length;
  return needed > 0 && found(ranking, judgements, k) === needed ? 1 : 0;
}

function found(ranking: readonly string[], judgements: Judgements, k: number): number {
  positiveInteger("k", k);
  return ranking.slice(0, k).filter((id) => (judgements.get(id) ?? 0) > 0).length;
}
