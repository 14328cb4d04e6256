import { ClewError, invalidOption } from "@clew/core";
import { averagePrecision, reciprocalRank } from "./average-precision.js";
import { type Judgements, type Qrels, type Run, relevant } from "./judgements.js";
import { ndcg } from "./ndcg.js";
import { allEvidence, hitRate, precision, recall } from "./recall.js";

/** A metric by its customary name: `ndcg@10`, `recall@5`, `precision@5`, `hit@5`, `all@5`, `mrr`, `map`. */
export type MetricName = `${"ndcg" | "recall" | "precision" | "hit" | "all"}@${number}` | "mrr" | "map";

/** What an evaluation found. */
export interface Evaluation {
  /** Mean over the queries that have a relevant document, by metric. */
  readonly means: Readonly<Record<string, number>>;
  /** Value of each metric for each of these queries, by query id. */
  readonly perQuery: ReadonlyMap<string, Readonly<Record<string, number>>>;
}

/**
 * Evaluates rankings. A judged query without a ranking counts as an empty one.
 *
 * @throws ClewError `invalid-option` for an unknown metric; `nothing-to-do` when no query has a relevant document
 */
export function evaluateRun(run: Run, qrels: Qrels, metrics: readonly MetricName[]): Evaluation {
  const measures = metrics.map((name) => [name, measure(name)] as const);
  const perQuery = new Map<string, Record<string, number>>();
  for (const [query, judgements] of qrels) {
    if (relevant(judgements).length === 0) continue;
    const ranking = run.get(query) ?? [];
    perQuery.set(query, Object.fromEntries(measures.map(([name, of]) => [name, of(ranking, judgements)])));
  }
  if (perQuery.size === 0)
    throw new ClewError("nothing-to-do", "No query has a relevant document: check the judgements.");
  const means = Object.fromEntries(
    metrics.map((name) => [
      name,
      [...perQuery.values()].reduce((sum, values) => sum + values[name]!, 0) / perQuery.size,
    ]),
  );
  return { means, perQuery };
}

type Measure = (ranking: readonly string[], judgements: Judgements) => number;

function measure(name: MetricName): Measure {
  if (name === "mrr") return reciprocalRank;
  if (name === "map") return averagePrecision;
  const [kind, cut] = name.split("@");
  const k = Number(cut);
  const at = { ndcg, recall, precision, hit: hitRate, all: allEvidence }[kind as "ndcg"];
  if (at === undefined || !Number.isInteger(k) || k < 1) {
    throw invalidOption("metrics", "names such as ndcg@10, recall@5, precision@5, hit@5, all@5, mrr, map", name);
  }
  return (ranking, judgements) => at(ranking, judgements, k);
}
