import { checkKeys } from "@clew/core";
import type { MetricName, Qrels, Run } from "@clew/core/measure";
import { evaluateRun } from "../metrics/evaluate-run.js";
import { type CompareOptions, type Comparison, compareEvaluations } from "./compare-evaluations.js";

/** Options of {@link compareRuns}. */
export interface CompareRunsOptions extends CompareOptions {
  qrels: Qrels;
  /** @default ndcg@10, recall@5, mrr */
  metrics?: readonly MetricName[] | undefined;
  /** The questions by query id, to be shown beside the differences. @default none */
  texts?: ReadonlyMap<string, string> | undefined;
  /** Names of the runs. @default "baseline" and "contender" */
  names?: readonly [baseline: string, contender: string] | undefined;
}

/**
 * Evaluates two runs and compares them: see {@link compareEvaluations}.
 *
 * @throws ClewError what `evaluateRun` and `compareEvaluations` throw
 */
export async function compareRuns(baseline: Run, contender: Run, options: CompareRunsOptions): Promise<Comparison> {
  const { qrels, metrics = ["ndcg@10", "recall@5", "mrr"], texts, names, ...rest } = options;
  checkKeys("compareRuns", rest, ["level", "resamples", "runtime", "signal"] satisfies (keyof CompareOptions)[]);
  const evaluated = (run: Run, name: string | undefined) => ({ ...evaluateRun(run, qrels, metrics), texts, name });
  return compareEvaluations(evaluated(baseline, names?.[0]), evaluated(contender, names?.[1]), rest);
}
