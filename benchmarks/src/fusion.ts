import { halves, type MetricName, metric } from "@clew/evaluate";
import { miniLM } from "@clew/local";
import { convex, type Fusion, fusionGrid, hybrid } from "@clew/retrievers";
import { type FusionReport, type FusionTable, fusionReport } from "./fusion-report.js";
import { openDataset } from "./open-dataset.js";
import { writeReport } from "./write-report.js";

/** Options of `benchmark fusion`. */
export interface FusionOptions {
  readonly data: readonly string[];
  readonly seed: number;
  readonly out?: string | undefined;
}

const metrics: readonly MetricName[] = ["ndcg@10", "recall@5"];

/**
 * Compares fusions over several sets: chosen on the first half of each set's questions, reported on the second, against
 * the default.
 */
export async function fusion({ data, seed, out }: FusionOptions): Promise<void> {
  const fusions = [convex(), ...fusionGrid().filter(({ name }) => name !== convex().name)];
  const embedder = miniLM();
  const tables = new Map(metrics.map((name) => [name, [] as FusionTable[]]));
  try {
    for (const folder of data) {
      const { dataset, view, close } = await openDataset(folder, { embedder });
      const found = new Map(metrics.map((name) => [name, { first: [] as number[][], second: [] as number[][] }]));
      const { first } = halves(dataset.queries, seed);
      const inFirst = new Set(first.map(({ id }) => id));
      const { capture, rankings } = capturing(fusions);
      const retriever = hybrid(view, { fusion: capture });
      for (const { id, text } of dataset.queries) {
        const judgements = dataset.qrels.get(id);
        if (judgements === undefined || ![...judgements.values()].some((grade) => grade > 0)) continue;
        await retriever.search(text, { k: 1 });
        for (const name of metrics) {
          const values = rankings().map((ranking) => metric(name)(ranking, judgements));
          found.get(name)![inFirst.has(id) ? "first" : "second"].push(values);
        }
      }
      for (const name of metrics) tables.get(name)!.push({ set: dataset.name, ...found.get(name)! });
      console.error(`${dataset.name}: ${dataset.queries.length} queries`);
      await close();
    }
  } finally {
    await embedder.close();
  }
  const report: Record<string, FusionReport> = {};
  for (const name of metrics) {
    report[name] = await fusionReport(
      fusions.map((candidate) => candidate.name),
      tables.get(name)!,
    );
    print(name, seed, report[name]!);
  }
  if (out !== undefined) await writeReport(out, report);
}

/** A fusion that, whenever `hybrid` asks it, fuses the same rankings by many others and keeps what they found. */
function capturing(fusions: readonly Fusion[]): { capture: Fusion; rankings: () => readonly string[][] } {
  let kept: string[][] = [];
  return {
    rankings: () => kept,
    capture: {
      name: "capturing",
      needsScores: true,
      weight: () => 1,
      fuse: (legs) => {
        const fused = fusions.map((candidate) => candidate.fuse(legs));
        kept = fused.map((hits) => [...new Set(hits.map(({ passage }) => passage.source))]);
        return fused[0]!;
      },
    },
  };
}

function print(name: string, seed: number, { sets, rows }: FusionReport): void {
  const percent = (value: number): string => (100 * value).toFixed(1);
  console.log(
    `\n${name} in points: chosen on the first halves by seed ${seed}, reported on the second; every set counts alike`,
  );
  console.table(
    Object.fromEntries(
      rows.map(({ label, fusion: chosen, first, second, bySet, difference }) => [
        label,
        {
          fusion: chosen,
          first: percent(first),
          second: percent(second),
          ...Object.fromEntries(sets.map((set, index) => [set, percent(bySet[index]!)])),
          "from the default": difference
            ? `${percent(difference.mean)} [${percent(difference.low)}, ${percent(difference.high)}]`
            : "",
        },
      ]),
    ),
  );
}
