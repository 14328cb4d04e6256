import { isPositiveInteger } from "../errors/check-number.js";
import { invalidOption } from "../errors/invalid-option.js";
import { averagePrecision } from "./average-precision.js";
import type { Judgements } from "./judgements.js";
import { ndcg } from "./ndcg.js";
import { allEvidence, hitRate, precision, recall, rPrecision } from "./recall.js";
import { reciprocalRank } from "./reciprocal-rank.js";

/**
 * A metric by its customary name: `ndcg@10`, `recall@5`, `precision@5`, `hit@5`, `all@5`, `mrr@10`, `map@10`; without a
 * cut, `mrr` looks at the first 100, `ndcg` and `map` at the whole ranking, `rprecision` at as many as are relevant.
 */
export type MetricName =
  | `${"ndcg" | "recall" | "precision" | "hit" | "all" | "mrr" | "map"}@${number}`
  | "ndcg"
  | "mrr"
  | "map"
  | "rprecision";

/** Judges one ranking (document ids, best first, distinct); larger is better. */
export type Metric = (ranking: readonly string[], judgements: Judgements) => number;

const cut: Readonly<Record<string, (ranking: readonly string[], judgements: Judgements, k: number) => number>> = {
  ndcg,
  recall,
  precision,
  hit: hitRate,
  all: allEvidence,
  mrr: reciprocalRank,
  map: averagePrecision,
};

const whole: Readonly<Record<string, Metric>> = {
  ndcg: (ranking, judgements) => ndcg(ranking, judgements),
  mrr: (ranking, judgements) => reciprocalRank(ranking, judgements),
  map: (ranking, judgements) => averagePrecision(ranking, judgements),
  rprecision: rPrecision,
};

/**
 * The function behind a metric's name.
 *
 * @throws ClewError `invalid-option` for a name that there is not
 */
export function metric(name: MetricName): Metric {
  if (Object.hasOwn(whole, name)) return whole[name]!;
  const [kind = "", ...rest] = String(name).split("@");
  const k = Number(rest[0]);
  if (!Object.hasOwn(cut, kind) || rest.length !== 1 || String(k) !== rest[0] || !isPositiveInteger(k)) {
    throw invalidOption(
      "metrics",
      "names such as ndcg@10, recall@5, precision@5, hit@5, all@5, mrr, mrr@10, map, rprecision",
      name,
    );
  }
  const at = cut[kind]!;
  return (ranking, judgements) => at(ranking, judgements, k);
}

/** Ranks that a metric looks at, by its name; undefined: as many as there are. */
export function metricDepth(name: MetricName): number | undefined {
  metric(name);
  const [kind, k] = String(name).split("@");
  return k !== undefined ? Number(k) : kind === "mrr" ? 100 : undefined;
}
