import {
  type ComparableEvaluation,
  compareMany,
  evaluateRun,
  type MetricName,
  readBeir,
  readTrecRun,
} from "@clew/evaluate";
import { chooseHalf, type Half } from "./choose-half.js";
import { printComparisons } from "./print-comparisons.js";
import { writeReport } from "./write-report.js";

/** Options of `benchmark compare`. */
export interface CompareOptions {
  readonly data: string;
  /** TREC run files; the first is the baseline. */
  readonly runs: readonly string[];
  readonly metrics: readonly string[];
  readonly half: Half;
  readonly seed: number;
  readonly queries: number;
  readonly out?: string | undefined;
}

/** Paired differences between runs that were written before, by another version for example. */
export async function compare({ data, runs, metrics, half, seed, queries, out }: CompareOptions): Promise<void> {
  const dataset = chooseHalf(await readBeir(data), half, seed);
  const texts = new Map(dataset.queries.map(({ id, text }) => [id, text]));
  const qrels = new Map([...dataset.qrels].filter(([query]) => texts.has(query)));
  const evaluations: ComparableEvaluation[] = [];
  for (const path of runs) {
    const { run, tag } = await readTrecRun(path);
    const evaluation = evaluateRun(run, qrels, metrics as readonly MetricName[]);
    if (evaluation.missing.length > 0) {
      console.log(
        `${path}: ${evaluation.missing.length} of ${evaluation.perQuery.size} queries have no ranking and count as 0`,
      );
    }
    evaluations.push({ ...evaluation, texts, name: `${tag} (${path})` });
  }
  const [baseline, ...contenders] = evaluations;
  const comparisons = await compareMany(baseline!, contenders);
  printComparisons(comparisons, metrics, queries);
  if (out !== undefined) await writeReport(out, comparisons);
}
