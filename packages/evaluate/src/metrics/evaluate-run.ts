import { ClewError, invalidOption } from "@clew/core";
import { type MetricName, metric, type Qrels, type Run, relevant } from "@clew/core/measure";

/** What an evaluation found. */
export interface Evaluation {
  /** Mean over the queries that have a relevant document, by metric. */
  readonly means: Readonly<Record<string, number>>;
  /** Value of each metric for each of these queries, by query id. */
  readonly perQuery: ReadonlyMap<string, Readonly<Record<string, number>>>;
  /** Queries of these without a ranking: each counts as 0 (as with trec_eval's -c). */
  readonly missing: readonly string[];
  /** Rankings that no judgement asked for: they count for nothing. */
  readonly unjudged: readonly string[];
}

/**
 * Evaluates rankings. A judged query without a ranking counts as an empty one; one without a relevant document is left
 * out (trec_eval counts it as 0).
 *
 * @throws ClewError `invalid-option` for an unknown metric or a ranking that names a document twice; `nothing-to-do`
 *   when no query has a relevant document
 */
export function evaluateRun(run: Run, qrels: Qrels, metrics: readonly MetricName[]): Evaluation {
  const measures = metrics.map((name) => [name, metric(name)] as const);
  const perQuery = new Map<string, Record<string, number>>();
  const missing: string[] = [];
  for (const [query, judgements] of qrels) {
    if (relevant(judgements).length === 0) continue;
    const ranking = run.get(query);
    if (ranking === undefined) missing.push(query);
    else checkDistinct(query, ranking);
    perQuery.set(query, Object.fromEntries(measures.map(([name, of]) => [name, of(ranking ?? [], judgements)])));
  }
  if (perQuery.size === 0)
    throw new ClewError("nothing-to-do", "No query has a relevant document: check the judgements.");
  const means = Object.fromEntries(
    metrics.map((name) => [
      name,
      [...perQuery.values()].reduce((sum, values) => sum + values[name]!, 0) / perQuery.size,
    ]),
  );
  return { means, perQuery, missing, unjudged: [...run.keys()].filter((query) => !qrels.has(query)) };
}

/** A document that counts twice makes recall and gain larger than they are. */
function checkDistinct(query: string, ranking: readonly string[]): void {
  const seen = new Set<string>();
  for (const id of ranking) {
    if (seen.has(id)) throw invalidOption("run", `made of distinct ids; query ${query} has one twice`, id);
    seen.add(id);
  }
}
