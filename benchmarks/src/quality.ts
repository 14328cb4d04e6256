import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Embedder } from "@clew/core";
import {
  compareMany,
  evaluateRetriever,
  type MetricName,
  type RetrieverEvaluation,
  writeTrecRun,
} from "@clew/evaluate";
import { miniLM } from "@clew/local";
import { chooseHalf, type Half } from "./choose-half.js";
import { openDataset } from "./open-dataset.js";
import { printComparisons } from "./print-comparisons.js";
import { retrieverMaker } from "./retriever-makers.js";
import { writeReport } from "./write-report.js";

/** Options of `benchmark quality`. */
export interface QualityOptions {
  readonly data: readonly string[];
  readonly retrievers: readonly string[];
  readonly half: Half;
  readonly seed: number;
  /** Print paired differences from the first retriever. */
  readonly compare?: boolean | undefined;
  /** With `compare`: queries shown that gained and lost most. */
  readonly queries: number;
  readonly out?: string | undefined;
  /** Folder for a TREC run file of each set and retriever. */
  readonly runs?: string | undefined;
  readonly k1?: number | undefined;
  readonly b?: number | undefined;
}

const metrics: readonly MetricName[] = ["ndcg@10", "recall@2", "recall@5", "recall@10", "recall@100", "all@5", "mrr"];

type Figures = Record<string, Record<string, number>>;

/** Quality and latency of retrievers over BEIR folders: a table, and JSON with `out`. */
export async function quality(options: QualityOptions): Promise<void> {
  const { data, retrievers, half, seed, compare, queries, out, runs } = options;
  const wanted = [...new Set(retrievers)];
  const makers = wanted.map(retrieverMaker);
  const embedder = makers.some((maker) => maker.embedder) ? miniLM() : undefined;
  const report: Record<string, Figures> = {};
  try {
    for (const folder of data) {
      const { name, evaluations, builds, title } = await evaluateSet(folder, wanted, embedder, options);
      report[name] = Object.fromEntries(
        evaluations.map(({ name: retriever, means, latency }, index) => [
          retriever,
          { ...means, ms_p50: latency.p50, ms_p95: latency.p95, build_ms: builds[index]! },
        ]),
      );
      console.log(`\n${title}${half === "all" ? "" : `, ${half} half by seed ${seed}`}`);
      console.table(rounded(report[name]!));
      for (const { name: retriever, notes } of evaluations) {
        for (const { code, queries: noted, example } of notes) {
          console.log(`${retriever}: ${noted.length} queries came with the note ${code}: ${example}`);
        }
      }
      if (runs !== undefined) {
        await mkdir(runs, { recursive: true });
        for (const { name: tag, run } of evaluations)
          await writeTrecRun(join(runs, `${name}.${tag}.run`), run, { tag });
      }
      const [first, ...others] = evaluations;
      if (compare && first !== undefined && others.length > 0) {
        printComparisons(await compareMany(first, others), ["ndcg@10", "recall@5"], queries);
      }
      if (out !== undefined) await writeReport(out, report); // after each set: a long run that breaks off leaves what it had
    }
  } finally {
    await embedder?.close();
  }
}

interface EvaluatedSet {
  readonly name: string;
  readonly title: string;
  readonly evaluations: readonly RetrieverEvaluation[];
  /** Milliseconds in which the index of each retriever was built. */
  readonly builds: readonly number[];
}

async function evaluateSet(
  folder: string,
  names: readonly string[],
  embedder: Embedder | undefined,
  { half, seed, k1, b }: QualityOptions,
): Promise<EvaluatedSet> {
  const evaluated = new Map<string, { evaluation: RetrieverEvaluation; build: number }>();
  let title = "";
  let setName = "";
  for (const withEmbedder of [false, true]) {
    const here = names.filter((name) => retrieverMaker(name).embedder === withEmbedder);
    if (here.length === 0) continue;
    const open = await openDataset(folder, { embedder: withEmbedder ? embedder : undefined, k1, b });
    const closing: (() => Promise<void>)[] = [];
    try {
      const golden = chooseHalf(open.dataset, half, seed);
      setName = golden.name;
      title = `${golden.name}: ${golden.corpus.length} documents, ${golden.queries.length} queries`;
      for (const name of here) {
        const retriever = await retrieverMaker(name).make(open.view, (close) => closing.push(close));
        // one search beforehand, so that a model that loads with the first is in no percentile
        const evaluation = await evaluateRetriever(retriever, { golden, metrics, k: 100, warmUp: 1, name });
        evaluated.set(name, { evaluation, build: open.buildMs });
      }
    } finally {
      for (const close of closing) await close();
      await open.close();
    }
  }
  const inOrder = names.map((name) => evaluated.get(name)!);
  return {
    name: setName,
    title,
    evaluations: inOrder.map(({ evaluation }) => evaluation),
    builds: inOrder.map(({ build }) => build),
  };
}

const rounded = (figures: Figures): Figures =>
  Object.fromEntries(
    Object.entries(figures).map(([name, values]) => [
      name,
      Object.fromEntries(
        Object.entries(values).map(([metric, value]) => [
          metric,
          Number(value.toFixed(/^(ms|build)_/.test(metric) ? 1 : 4)),
        ]),
      ),
    ]),
  );
