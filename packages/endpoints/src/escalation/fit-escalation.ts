import { checkKeys, invalidOption, positiveInteger } from "@clew/core";
import { binomialBelow, hypergeometricBelow, upperRate } from "@clew/core/measure";

/** Options of {@link fitEscalation}. */
export interface FitEscalationOptions {
  /** Score of each question's answer, 0 to 1; of several rungs, a list in their order. */
  scores: readonly (number | readonly number[])[];
  /** Whether that answer is right; in the same form. */
  correct: readonly (boolean | readonly boolean[])[];
  /** Highest error rate among answered questions, between 0 and 1. */
  maxError: number;
  /** Chance, over the questions drawn for fitting, that it holds; between 0 and 1. @default 0.9 */
  confidence?: number | undefined;
  /**
   * Questions to come on which the *observed* rate shall keep the bound, such as the size of a held-out set: what is seen
   * on a few spreads around the rate itself, so that this asks for more. @default the rate itself
   */
  horizon?: number | undefined;
  /** Thresholds to choose from, fixed before the data were seen. @default 0, 0.01, …, 1 */
  thresholds?: readonly number[] | undefined;
  /**
   * Thresholds at which the search begins, fixed likewise; each gets its share of the risk. @default the highest one that
   * enough questions reach for a test to succeed at all
   */
  starts?: readonly number[] | undefined;
}

/** What was fitted. */
export interface FittedEscalation {
  /** An answer counts when its score is at least this; undefined when no threshold keeps the bound. */
  readonly threshold: number | undefined;
  /** Questions of the fitting set that are answered with it. */
  readonly answered: number;
  /** Those answered wrongly. */
  readonly errors: number;
  readonly questions: number;
  /** How many were answered by each rung. */
  readonly byRung: readonly number[];
  /** Upper Clopper–Pearson bound of the error rate at this threshold, at the level at which it was tested. */
  readonly bound: number;
  readonly maxError: number;
  readonly confidence: number;
}

/**
 * Finds the threshold that answers most questions while the error rate among the answered stays at or below `maxError`
 * with at least the confidence given: P(error rate > maxError) ≤ 1 - confidence, however little the scores are worth. A
 * question is answered by the first rung whose answer's score reaches the threshold.
 *
 * Learn-then-test: each threshold t is the hypothesis "its error rate is above maxError", with the exact binomial p-value
 * P(Bin(n_t, maxError) ≤ e_t) for e_t errors among n_t answered. Fixed-sequence testing from the start downwards ends at
 * the first p-value above 1 - confidence; the lowest threshold that was rejected is taken. The default start depends on
 * the scores, never on what is right, and takes for granted that answers above it are not wrong more often than those at
 * it; `starts` fixed beforehand (tested at (1 - confidence) / starts each) do without that, at a price.
 *
 * Questions must be drawn as those to come are. The promise is for the rate of the questions to come; with a `horizon` the
 * p-value is the exact one of a prediction: the chance that a random split of the answered, seen and to come, would show
 * so few of the errors on the side of fitting, were the rate observed on the other side above the bound.
 *
 * @throws ClewError `invalid-option`
 * @see Angelopoulos, Bates, Candès, Jordan and Lei, "Learn then Test: Calibrating Predictive Algorithms to Achieve Risk
 *   Control", 2021 (sections 2 and 4)
 */
export function fitEscalation(options: FitEscalationOptions): FittedEscalation {
  checkKeys("fitEscalation", options, [
    "scores",
    "correct",
    "maxError",
    "confidence",
    "horizon",
    "thresholds",
    "starts",
  ]);
  const { maxError, confidence = 0.9, horizon, starts } = options;
  const { thresholds = Array.from({ length: 101 }, (_, index) => index / 100) } = options;
  if (!(maxError > 0 && maxError < 1)) throw invalidOption("maxError", "a number between 0 and 1", maxError);
  if (!(confidence > 0 && confidence < 1)) throw invalidOption("confidence", "a number between 0 and 1", confidence);
  const isShare = (value: unknown): boolean => typeof value === "number" && value >= 0 && value <= 1;
  for (const [name, list] of Object.entries({ thresholds, starts: starts ?? thresholds })) {
    if (list.length === 0 || !list.every(isShare)) throw invalidOption(name, "numbers from 0 to 1, one at least", list);
  }
  if (horizon !== undefined) positiveInteger("horizon", horizon);
  const { rungs, questions } = read(options);
  /** The chance of so few errors, were the bound broken. */
  const pValue = (errors: number, answered: number): number => {
    if (horizon === undefined) return binomialBelow(errors, answered, maxError);
    const coming = Math.max(1, Math.round((horizon * answered) / questions.length));
    const tooMany = Math.floor(maxError * coming + 1e-9) + 1;
    return hypergeometricBelow(errors, {
      population: answered + coming,
      successes: errors + tooMany,
      draws: answered,
    });
  };
  const grid = [...new Set([...thresholds, ...(starts ?? [])])].sort((a, b) => b - a);
  const counts = grid.map((threshold) => count(questions, threshold, rungs));
  const begin =
    starts === undefined
      ? [counts.findIndex(({ answered }) => answered > 0 && pValue(0, answered) <= 1 - confidence)].filter(
          (at) => at >= 0,
        )
      : [...new Set(starts)].map((start) => grid.indexOf(start));
  const level = (1 - confidence) / Math.max(1, begin.length);
  let best: number | undefined;
  for (const start of begin) {
    for (let at = start; at < grid.length; at++) {
      const { answered, errors } = counts[at]!;
      if (answered === 0 || pValue(errors, answered) > level) break;
      best = best === undefined ? at : Math.max(best, at);
    }
  }
  const found = best === undefined ? { answered: 0, errors: 0, byRung: Array<number>(rungs).fill(0) } : counts[best]!;
  return {
    threshold: best === undefined ? undefined : grid[best]!,
    ...found,
    questions: questions.length,
    bound: upperRate(found.errors, found.answered, 1 - level),
    maxError,
    confidence,
  };
}

type Question = readonly { readonly score: number; readonly isRight: boolean }[];

function read({ scores, correct }: FitEscalationOptions): { rungs: number; questions: Question[] } {
  if (scores.length !== correct.length) {
    throw invalidOption("correct", `as long as scores (${scores.length})`, correct.length);
  }
  const rungs = [scores[0] ?? 0].flat().length;
  const questions = scores.map((given, index): Question => {
    const own = [given].flat();
    const right = [correct[index]!].flat();
    if (own.length !== rungs || right.length !== rungs || rungs === 0) {
      throw invalidOption(`scores[${index}]`, `one score and one verdict for each of ${rungs} rungs`);
    }
    return own.map((score, rung) => {
      if (!(score >= 0 && score <= 1)) throw invalidOption(`scores[${index}]`, "a number from 0 to 1", score);
      return { score, isRight: right[rung] === true };
    });
  });
  return { rungs, questions };
}

function count(
  questions: readonly Question[],
  threshold: number,
  rungs: number,
): { answered: number; errors: number; byRung: number[] } {
  const byRung = Array<number>(rungs).fill(0);
  let errors = 0;
  for (const question of questions) {
    const rung = question.findIndex(({ score }) => score >= threshold);
    if (rung < 0) continue;
    byRung[rung]! += 1;
    if (!question[rung]!.isRight) errors += 1;
  }
  return { answered: byRung.reduce((sum, one) => sum + one, 0), errors, byRung };
}
