import { checkKeys, invalidOption, type Runtime } from "@clew/core";
import { bootstrapInterval, type Interval, randomisationTest, seededRandom } from "@clew/core/measure";
import type { Evaluation } from "../metrics/evaluate-run.js";
import type { Latency } from "./latency.js";
import { type QueryDifference, queryDifferences } from "./query-differences.js";

/** What is compared: an {@link Evaluation}, with what else is known of it. */
export interface ComparableEvaluation extends Pick<Evaluation, "means" | "perQuery"> {
  readonly name?: string | undefined;
  readonly latency?: Latency | undefined;
  /** The questions by query id. */
  readonly texts?: ReadonlyMap<string, string> | undefined;
}

/** Options of {@link compareEvaluations}. */
export interface CompareOptions {
  /** Confidence of the intervals, in (0, 1). @default 0.95 */
  level?: number | undefined;
  /** Resamples of each interval and sign patterns of each test (100 or more). @default 10,000 */
  resamples?: number | undefined;
  /** Where chance comes from. @default seeded, so that the same evaluations give the same figures */
  runtime?: Pick<Runtime, "random"> | undefined;
  signal?: AbortSignal | undefined;
}

/** Two runs by one metric. */
export interface MetricComparison {
  /** Means over the queries. */
  readonly baseline: number;
  readonly contender: number;
  /** Mean of contender − baseline, with its BCa bootstrap interval. */
  readonly difference: Interval;
  /** Two-sided p value of the paired randomisation test; 1 for runs that are alike. */
  readonly p: number;
  /** Whether every sign pattern was gone through. */
  readonly exact: boolean;
  /** Queries on which the contender is better, worse, alike. */
  readonly wins: number;
  readonly losses: number;
  readonly ties: number;
  /** Every query, best gain first. */
  readonly queries: readonly QueryDifference[];
}

/** What {@link compareEvaluations} found. */
export interface Comparison {
  readonly baseline: string;
  readonly contender: string;
  /** Number of queries. */
  readonly queries: number;
  readonly metrics: Readonly<Record<string, MetricComparison>>;
  /** Where both were timed. */
  readonly latency?: { readonly baseline: Latency; readonly contender: Latency } | undefined;
}

/**
 * Compares two evaluations over the same queries, metric by metric: the mean difference with its interval, a paired
 * test, and who won and lost.
 *
 * @throws ClewError `invalid-option` when they are not over the same queries and metrics; `nothing-to-do` for fewer than
 *   two queries
 */
export async function compareEvaluations(
  baseline: ComparableEvaluation,
  contender: ComparableEvaluation,
  options: CompareOptions = {},
): Promise<Comparison> {
  checkKeys("compareEvaluations", options, [
    "level",
    "resamples",
    "runtime",
    "signal",
  ] satisfies (keyof CompareOptions)[]);
  const { level, resamples, runtime = { random: seededRandom(1) }, signal } = options;
  const names = checkSame("metrics", Object.keys(baseline.means), Object.keys(contender.means));
  checkSame("queries", [...baseline.perQuery.keys()], [...contender.perQuery.keys()]);
  const texts = new Map([...(baseline.texts ?? []), ...(contender.texts ?? [])]);
  const metrics: Record<string, MetricComparison> = {};
  for (const name of names) {
    const queries = queryDifferences(valuesOf(baseline, name), valuesOf(contender, name), texts);
    // in the order of the ids: who is called baseline must not change the draw
    const differences = [...queries].sort((a, b) => (a.query < b.query ? -1 : 1)).map(({ difference }) => difference);
    const interval = await bootstrapInterval(differences, { level, resamples, runtime, signal });
    const { p, exact } = await randomisationTest(differences, { resamples, runtime, signal });
    metrics[name] = {
      baseline: baseline.means[name]!,
      contender: contender.means[name]!,
      difference: interval,
      p,
      exact,
      wins: differences.filter((difference) => difference > 0).length,
      losses: differences.filter((difference) => difference < 0).length,
      ties: differences.filter((difference) => difference === 0).length,
      queries,
    };
  }
  return {
    baseline: baseline.name ?? "baseline",
    contender: contender.name ?? "contender",
    queries: baseline.perQuery.size,
    metrics,
    latency:
      baseline.latency === undefined || contender.latency === undefined
        ? undefined
        : { baseline: baseline.latency, contender: contender.latency },
  };
}

const valuesOf = ({ perQuery }: ComparableEvaluation, metric: string): Map<string, number> =>
  new Map([...perQuery].map(([query, values]) => [query, values[metric]!]));

function checkSame(what: string, ours: readonly string[], theirs: readonly string[]): readonly string[] {
  const other = new Set(theirs);
  const odd =
    ours.find((name) => !other.has(name)) ??
    (ours.length < theirs.length ? theirs.find((name) => !ours.includes(name)) : undefined);
  if (odd !== undefined) throw invalidOption("contender", `evaluated over the same ${what} as the baseline`, odd);
  return ours;
}
