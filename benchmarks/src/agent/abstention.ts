import { type Answer, openTrace } from "@clew/core";
import { type BeirDataset, type BeirQuery, halves } from "@clew/evaluate";
import { round } from "./answer-figures.js";
import { auroc, coverageAtRisk, type Judged, riskCoverage } from "./selective.js";

/** An answer to a question that the corpus covers, or does not. */
export interface MaybeAnswerable {
  readonly answer: Answer;
  /** The corpus covers it, and where its gold answer can be quoted, the quotes hold it. */
  readonly right: boolean;
  readonly answerable: boolean;
}

/** How well confidence tells questions that the corpus covers from others. */
export interface AbstentionFigures {
  readonly answerable: number;
  readonly unanswerable: number;
  /** Of answerable against unanswerable, by confidence. */
  readonly auroc: number;
  /** The same by the share of the question that the quotes hold, alone. */
  readonly auroc_coverage_alone: number;
  /** Largest share of all questions answered of which at most a tenth is unanswerable. */
  readonly coverage_at_10pct_risk: number;
  readonly coverage_at_10pct_risk_coverage_alone: number;
  /** Of right answers against others, and the largest share answered of which at most a tenth is not right. */
  readonly auroc_right: number;
  readonly coverage_at_10pct_wrong: number;
  /** Shares abstained as the policy stands. */
  readonly abstained_answerable: number;
  readonly abstained_unanswerable: number;
  /** Rows `[coverage, share unanswerable, share not right, least confidence]`. */
  readonly risk_coverage: readonly (readonly [number, number, number, number])[];
}

/** What confidence is worth on questions of which some have no answer in the corpus. */
export function abstentionFigures(asked: readonly MaybeAnswerable[]): AbstentionFigures {
  const by = (confidence: (answer: Answer) => number, right: (one: MaybeAnswerable) => boolean): Judged[] =>
    asked.map((one) => ({ confidence: confidence(one.answer), right: right(one) }));
  const isAnswerable = ({ answerable }: MaybeAnswerable): boolean => answerable;
  const isRight = ({ right }: MaybeAnswerable): boolean => right;
  const sure = by(confidenceIn, isAnswerable);
  const covered = by(({ trace }) => featuresIn(trace).covered ?? 0, isAnswerable);
  const right = by(confidenceIn, isRight);
  const rows = riskCoverage(sure);
  const abstained = (wanted: boolean): number => {
    const these = asked.filter(({ answerable }) => answerable === wanted);
    return round(these.filter(({ answer }) => answer.status === "abstained").length / Math.max(1, these.length));
  };
  return {
    answerable: asked.filter(isAnswerable).length,
    unanswerable: asked.filter((one) => !isAnswerable(one)).length,
    auroc: round(auroc(sure)),
    auroc_coverage_alone: round(auroc(covered)),
    coverage_at_10pct_risk: round(coverageAtRisk(sure, 0.1)),
    coverage_at_10pct_risk_coverage_alone: round(coverageAtRisk(covered, 0.1)),
    auroc_right: round(auroc(right)),
    coverage_at_10pct_wrong: round(coverageAtRisk(right, 0.1)),
    abstained_answerable: abstained(true),
    abstained_unanswerable: abstained(false),
    risk_coverage: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1].flatMap((wanted) => {
      const row = rows.find(({ coverage }) => coverage >= wanted - 1e-9);
      if (row === undefined) return [];
      const answered = asked.filter(({ answer }) => confidenceIn(answer) >= row.confidence);
      const wrong = answered.filter((one) => !one.right).length / answered.length;
      return [[round(row.coverage), round(row.risk), round(wrong), round(row.confidence)] as const];
    }),
  };
}

const confidenceIn = ({ confidence = 0 }: Answer): number => confidence;

/** What an answer's confidence was computed from, as its trace has it. */
export function featuresIn(trace: Answer["trace"]): Readonly<Record<string, number>> {
  const last = openTrace(trace).findLast(({ kind }) => kind === "confidence")?.data;
  return (last as { features?: Record<string, number> } | undefined)?.features ?? {};
}

/** Questions of which some lost their passages. */
export interface WithoutGold {
  /** Documents that are taken out of the index. */
  readonly removed: ReadonlySet<string>;
  readonly answerable: readonly BeirQuery[];
  readonly unanswerable: readonly BeirQuery[];
}

/**
 * Takes the gold passages of one half of the questions away. A question of the other half that loses one too is left out.
 */
export function withoutGold(queries: readonly BeirQuery[], qrels: BeirDataset["qrels"], seed: number): WithoutGold {
  const { first, second } = halves(queries, seed);
  const goldOf = ({ id }: BeirQuery): string[] =>
    [...(qrels.get(id) ?? [])].filter(([, grade]) => grade > 0).map(([document]) => document);
  const removed = new Set(second.flatMap(goldOf));
  return {
    removed,
    answerable: first.filter((query) => goldOf(query).every((document) => !removed.has(document))),
    unanswerable: second,
  };
}
