/** An answer with how sure it is, and whether it should have been given. */
export interface Judged {
  readonly confidence: number;
  readonly right: boolean;
}

/** One row of a risk–coverage table. */
export interface RiskAtCoverage {
  /** Share of the questions that are answered, most confident first. */
  readonly coverage: number;
  /** Share of these that are wrong. */
  readonly risk: number;
  /** Least confidence among them. */
  readonly confidence: number;
}

/** Chance that a right answer is more confident than a wrong one, ties counted half; NaN when one kind is missing. */
export function auroc(judged: readonly Judged[]): number {
  const right = judged.filter((one) => one.right);
  const wrong = judged.filter((one) => !one.right);
  let won = 0;
  for (const { confidence } of right) {
    for (const other of wrong) won += confidence > other.confidence ? 1 : confidence === other.confidence ? 0.5 : 0;
  }
  return won / (right.length * wrong.length);
}

/** Risk at every coverage that a threshold of confidence can reach, in order of coverage. */
export function riskCoverage(judged: readonly Judged[]): RiskAtCoverage[] {
  const order = [...judged].sort((a, b) => b.confidence - a.confidence);
  const rows: RiskAtCoverage[] = [];
  let wrong = 0;
  for (const [index, { confidence, right }] of order.entries()) {
    if (!right) wrong += 1;
    // equal confidences are answered together or not at all
    if (order[index + 1]?.confidence === confidence) continue;
    rows.push({ coverage: (index + 1) / order.length, risk: wrong / (index + 1), confidence });
  }
  return rows;
}

/** Largest coverage whose risk is no more than a limit; 0 when there is none. */
export const coverageAtRisk = (judged: readonly Judged[], limit: number): number =>
  riskCoverage(judged).reduce((best, { coverage, risk }) => (risk <= limit ? coverage : best), 0);
