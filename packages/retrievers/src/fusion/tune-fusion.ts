import {
  ClewError,
  checkKeys,
  type Filter,
  type IndexView,
  invalidOption,
  type Note,
  positiveInteger,
  type Runtime,
  sleep,
} from "@clew/core";
import {
  bootstrapInterval,
  type GoldenSet,
  type Interval,
  type JudgedQuery,
  judgedQueries,
  type Metric,
  type MetricName,
  metric,
  metricDepth,
  randomisationTest,
  relevant,
  seededRandom,
} from "@clew/core/measure";
import { completeScores } from "../legs/complete-scores.js";
import { searchLegs } from "../legs/search-legs.js";
import { convex } from "./convex.js";
import { type CrossValidated, crossValidate } from "./cross-validate.js";
import type { Fusion } from "./fusion.js";
import { fusionGrid } from "./fusion-grid.js";

/** Options of {@link tuneFusion}. */
export interface TuneFusionOptions {
  golden: GoldenSet;
  /** What is chosen among, names distinct. @default fusionGrid() */
  candidates?: readonly Fusion[] | undefined;
  /** What is kept unless something is surely better. @default convex() */
  baseline?: Fusion | undefined;
  /** What is made as large as it can be. @default "ndcg@10" */
  metric?: MetricName | undefined;
  /** What the judgements name; a source ranks where its first passage does. @default "source" */
  by?: "source" | "passage" | undefined;
  /** Parts of the golden set; each is judged by what the others chose. @default 5 */
  folds?: number | undefined;
  /** Seed of the draw of the folds, a whole number. @default 1 */
  seed?: number | undefined;
  /** Hits of each leg. @default 100, as in `hybrid` */
  depth?: number | undefined;
  /** Handed to every search. @default none */
  filter?: Filter | undefined;
  /** Confidence of the interval, in (0, 1). @default 0.95 */
  level?: number | undefined;
  /** Where the chance of the interval and the test comes from. @default seeded */
  runtime?: Pick<Runtime, "random"> | undefined;
  /** Called after each query. */
  onProgress?: ((done: number, of: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** What {@link tuneFusion} found. */
export interface TunedFusion extends Omit<CrossValidated, "best"> {
  /** For `hybrid(view, { fusion })`: the best candidate if the gain is sure, else the baseline. */
  readonly fusion: Fusion;
  /** The candidate, or the baseline, with the best mean over all queries. */
  readonly best: Fusion;
  readonly recommendation: "change" | "keep";
  /** The recommendation in a sentence. */
  readonly reason: string;
  /** Mean gain of what was chosen over the baseline, on queries that had no say in the choice, with its interval. */
  readonly gain: Interval;
  /** Two-sided p value of the gain (paired randomisation test). */
  readonly p: number;
  /** Judged queries that were used. */
  readonly queries: number;
  /** What searches were degraded by. */
  readonly notes: readonly Note[];
}

/**
 * Chooses how to fuse the lexical and the dense leg, on questions with known answers, by cross-validation: every fold is
 * judged by the candidate that was best on the other folds. The legs are searched once a query, and fused by every
 * candidate. It recommends a change only when the interval of the gain lies above 0 and the test agrees; the interval
 * is that of the queries at hand and takes the choice of each fold as given, so near 0 it is a little too sure.
 *
 * @throws ClewError `leg-missing`; `invalid-option`; `nothing-to-do` for fewer than two judged queries a fold; the
 *   signal's reason when aborted
 * @see Bengio and Grandvalet, "No Unbiased Estimator of the Variance of K-Fold Cross-Validation", JMLR 2004
 */
export async function tuneFusion(view: IndexView, options: TuneFusionOptions): Promise<TunedFusion> {
  const { fusions, folds, seed, level, runtime, signal, name, ...how } = checked(view, options);
  const queries = judgedQueries(options.golden).filter(({ judgements }) => relevant(judgements).length > 0);
  if (queries.length < 2 * folds) {
    throw new ClewError(
      "nothing-to-do",
      `${folds} folds need ${2 * folds} queries with a relevant document or more, not ${queries.length}.`,
    );
  }
  const notes: Note[] = [];
  const values: number[][] = [];
  for (const [index, query] of queries.entries()) {
    const searched = await valuesOf(view, query, fusions, { ...how, signal });
    values.push(searched.values);
    notes.push(...searched.notes);
    options.onProgress?.(index + 1, queries.length);
  }
  const validated = crossValidate(
    fusions.map((fusion) => fusion.name),
    values,
    { folds, seed },
  );
  const gains = validated.outOfFold.map(({ tuned, baseline }) => tuned - baseline);
  const gain = await bootstrapInterval(gains, { level, runtime, signal });
  const { p } = await randomisationTest(gains, { runtime, signal });
  const best = fusions[validated.best]!;
  const change = gain.low > 0 && p <= 1 - gain.level && validated.best !== 0;
  const figures = `${gain.mean.toFixed(4)} ${name} [${gain.low.toFixed(4)}, ${gain.high.toFixed(4)}], p ${p.toFixed(4)}, ${queries.length} queries`;
  return {
    ...validated,
    best,
    fusion: change ? best : fusions[0]!,
    recommendation: change ? "change" : "keep",
    reason: change
      ? `Change to ${best.name}: tuning gained ${figures}.`
      : `Keep ${fusions[0]!.name}: what tuning gained is not surely above 0 (${figures}).`,
    gain,
    p,
    queries: queries.length,
    notes,
  };
}

function checked(view: IndexView, options: TuneFusionOptions) {
  checkKeys("tuneFusion", options, [
    "golden",
    "candidates",
    "baseline",
    "metric",
    "by",
    "folds",
    "seed",
    "depth",
    "filter",
    "level",
    "runtime",
    "onProgress",
    "signal",
  ] satisfies (keyof TuneFusionOptions)[]);
  const {
    candidates = fusionGrid(),
    baseline = convex(),
    metric: name = "ndcg@10",
    by = "source",
    folds = 5,
    seed = 1,
    depth = 100,
    filter,
    level,
    runtime = { random: seededRandom(1) },
    signal,
  } = options;
  for (const leg of ["lexical", "dense"] as const) {
    if (view.capabilities[leg]) continue;
    throw new ClewError("leg-missing", `tuneFusion(view) needs a ${leg} leg, which this index does not have.`);
  }
  if (by !== "source" && by !== "passage") throw invalidOption("by", '"source" or "passage"', by);
  if (positiveInteger("folds", folds) < 2) throw invalidOption("folds", "2 or more", folds);
  if (!Number.isSafeInteger(seed)) throw invalidOption("seed", "a whole number", seed);
  positiveInteger("depth", depth);
  const needed = name === "mrr" ? 1 : (metricDepth(name) ?? 1); // mrr looks at 100 if there are so many
  if (needed > depth) throw invalidOption("depth", `at least what ${name} looks at`, depth);
  if (candidates.length === 0) throw invalidOption("candidates", "one fusion or more");
  // the baseline stands first: among equals it is chosen
  const fusions = [baseline, ...candidates.filter((candidate) => candidate.name !== baseline.name)];
  const twice = fusions.find((fusion, index) => fusions.findIndex((other) => other.name === fusion.name) < index);
  if (twice !== undefined) throw invalidOption("candidates", "fusions with distinct names", twice.name);
  return { fusions, name, measure: metric(name), by, folds, seed, depth, filter, level, runtime, signal };
}

interface ValuesOptions extends Pick<TuneFusionOptions, "filter" | "signal"> {
  readonly by: "source" | "passage";
  readonly depth: number;
  readonly measure: Metric;
}

/** The metric of one query under each fusion. */
async function valuesOf(
  view: IndexView,
  { text, judgements }: JudgedQuery,
  fusions: readonly Fusion[],
  { by, depth, filter, signal, measure }: ValuesOptions,
): Promise<{ values: number[]; notes: readonly Note[] }> {
  return view.read(
    async (snapshot) => {
      const { query, notes } = await snapshot.embed(text, { signal });
      const { rankings, results } = await searchLegs(snapshot, query, {
        legs: ["lexical", "dense"],
        depth,
        degrade: false,
        k: depth,
        filter,
        signal,
      });
      const completed = await completeScores(snapshot, query, rankings, { signal });
      const values: number[] = [];
      for (const fusion of fusions) {
        const ids = fusion.fuse(completed).map(({ passage }) => (by === "source" ? passage.source : passage.id));
        values.push(measure([...new Set<string>(ids)], judgements));
        if (values.length % 16 === 0) await sleep(0, signal); // about 5 ms of fusing
      }
      return { values, notes: [...notes, ...results.flatMap((result) => result.notes)] };
    },
    { signal },
  );
}
