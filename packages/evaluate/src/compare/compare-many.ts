import { invalidOption } from "@clew/core";
import {
  type ComparableEvaluation,
  type CompareOptions,
  type Comparison,
  compareEvaluations,
} from "./compare-evaluations.js";
import { holm } from "./holm.js";

/** A comparison among several. */
export interface ComparisonAmongMany extends Comparison {
  /** By metric: the p value corrected by Holm over all contenders. */
  readonly corrected: Readonly<Record<string, number>>;
}

/**
 * Compares several evaluations with one baseline, and corrects the p values of each metric for their number.
 *
 * @throws ClewError `invalid-option` for no contenders; what `compareEvaluations` throws
 */
export async function compareMany(
  baseline: ComparableEvaluation,
  contenders: readonly ComparableEvaluation[],
  options: CompareOptions = {},
): Promise<ComparisonAmongMany[]> {
  if (contenders.length === 0) throw invalidOption("contenders", "one evaluation or more");
  const comparisons: Comparison[] = [];
  for (const contender of contenders) comparisons.push(await compareEvaluations(baseline, contender, options));
  const corrected = Object.keys(baseline.means).map(
    (name) => [name, holm(comparisons.map(({ metrics }) => metrics[name]!.p))] as const,
  );
  return comparisons.map((comparison, index) => ({
    ...comparison,
    corrected: Object.fromEntries(corrected.map(([name, values]) => [name, values[index]!])),
  }));
}
