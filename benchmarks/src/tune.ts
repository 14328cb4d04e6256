import type { MetricName } from "@clew/evaluate";
import { miniLM } from "@clew/local";
import { type TunedFusion, tuneFusion } from "@clew/retrievers";
import { openDataset } from "./open-dataset.js";
import { writeReport } from "./write-report.js";

/** Options of `benchmark tune`. */
export interface TuneOptions {
  readonly data: readonly string[];
  readonly metric: string;
  readonly folds: number;
  readonly seed: number;
  readonly out?: string | undefined;
}

/** What `tuneFusion` recommends for each set, by cross-validation over all of its questions. */
export async function tune({ data, metric, folds, seed, out }: TuneOptions): Promise<void> {
  const embedder = miniLM();
  const report: Record<string, Omit<TunedFusion, "outOfFold" | "fusion" | "best"> & { best: string }> = {};
  try {
    for (const folder of data) {
      const { dataset, view, close } = await openDataset(folder, { embedder });
      const { outOfFold, fusion, best, ...found } = await tuneFusion(view, {
        golden: dataset,
        metric: metric as MetricName,
        folds,
        seed,
      });
      await close();
      report[dataset.name] = { ...found, best: best.name };
      console.log(`\n${dataset.name}: ${found.reason}`);
      console.table(found.folds);
    }
  } finally {
    await embedder.close();
  }
  if (out !== undefined) await writeReport(out, report);
}
