import { type Embedder, type IndexView, invalidOption, type Retriever } from "@clew/core";
import { evaluateRun, type MetricName } from "@clew/evaluate";
import { miniLM } from "@clew/local";
import { hybrid, lexical, naive } from "@clew/retrievers";
import { openDataset } from "./open-dataset.js";
import { percentile } from "./percentile.js";
import { writeReport } from "./write-report.js";

/** Options of `benchmark quality`. */
export interface QualityOptions {
  readonly data: readonly string[];
  readonly retrievers: readonly string[];
  readonly out?: string | undefined;
  readonly k1?: number | undefined;
  readonly b?: number | undefined;
}

const metrics: readonly MetricName[] = ["ndcg@10", "recall@2", "recall@5", "recall@10", "recall@100", "all@5", "mrr"];

const makers: Readonly<Record<string, (view: IndexView) => Retriever>> = { lexical, dense: naive, hybrid };

/** Quality and latency of retrievers over BEIR folders: a table, and JSON with `out`. */
export async function quality({ data, retrievers, out, k1, b }: QualityOptions): Promise<void> {
  for (const name of retrievers) {
    if (!Object.hasOwn(makers, name)) throw invalidOption("retrievers", `of ${Object.keys(makers).join(", ")}`, name);
  }
  const embedder: Embedder | undefined = retrievers.some((name) => name !== "lexical") ? miniLM() : undefined;
  const report: Record<string, Record<string, Record<string, number>>> = {};
  for (const folder of data) {
    const { dataset, view, buildMs, close } = await openDataset(folder, { embedder, k1, b });
    const figures: Record<string, Record<string, number>> = {};
    for (const name of retrievers) {
      const retriever = makers[name]!(view);
      const run = new Map<string, readonly string[]>();
      const times: number[] = [];
      for (const { id, text } of dataset.queries) {
        const started = performance.now();
        const { hits } = await retriever.search(text, { k: 100 });
        times.push(performance.now() - started);
        run.set(
          id,
          hits.map(({ passage }) => passage.source),
        );
      }
      figures[name] = {
        ...evaluateRun(run, dataset.qrels, metrics).means,
        ms_p50: percentile(times, 0.5),
        ms_p95: percentile(times, 0.95),
        build_ms: buildMs,
      };
    }
    report[dataset.name] = figures;
    console.log(`\n${dataset.name}: ${dataset.corpus.length} documents, ${dataset.queries.length} queries`);
    console.table(rounded(figures));
    await close();
  }
  await embedder?.close();
  if (out !== undefined) await writeReport(out, report);
}

const rounded = (figures: Record<string, Record<string, number>>): Record<string, Record<string, number>> =>
  Object.fromEntries(
    Object.entries(figures).map(([name, values]) => [
      name,
      Object.fromEntries(
        Object.entries(values).map(([metric, value]) => [metric, Number(value.toFixed(metric.includes("ms") ? 1 : 4))]),
      ),
    ]),
  );
