import { type Embedder, type Hit, invalidOption, type Reranker } from "@clew/core";
import { type BeirDataset, evaluateRun, type MetricName, type Qrels, shuffled } from "@clew/evaluate";
import { crossEncoder, miniLM } from "@clew/local";
import { hybrid, lexical, proximityReranker, reranked } from "@clew/retrievers";
import { openDataset } from "../open-dataset.js";
import { percentile } from "../percentile.js";
import { writeReport } from "../write-report.js";
import { parseBlend } from "./parse-blend.js";
import { type RecordedScores, recordedReranker, recordedRetriever } from "./recorded-stage.js";

/** Options of `benchmark reranking`. */
export interface RerankingOptions {
  readonly data: readonly string[];
  /** Folder of a cross-encoder; the proximity reranker alone without. */
  readonly model?: string | undefined;
  readonly dtype?: "q8" | "fp32" | undefined;
  readonly first: readonly string[];
  readonly depths: readonly number[];
  readonly blends: readonly string[];
  /** Milliseconds. */
  readonly deadlines: readonly number[];
  readonly questions?: number | undefined;
  readonly seed: number;
  readonly out?: string | undefined;
}

const metrics = ["ndcg@10", "recall@5", "mrr"] as const satisfies readonly MetricName[];

type Found = ReadonlyMap<string, readonly Hit[]>;

/** One line of the table: a setting, its figures on the half that settings are chosen on, and on the other. */
interface Line {
  readonly setting: string;
  readonly tune: Readonly<Record<string, number>>;
  readonly report: Readonly<Record<string, number>>;
}

/**
 * Depth × blend × deadline of a reranker over first stages and BEIR folders. Each pair is scored once, and timed; every
 * setting is then ranked by `reranked` from what was recorded, so that a deadline cuts where the clock of the recording
 * would have. Settings are chosen on the first half of the shuffled questions; the other half is reported.
 */
export async function reranking(options: RerankingOptions): Promise<void> {
  const { data, model, dtype, first, seed, out } = options;
  for (const name of first) {
    if (name !== "lexical" && name !== "hybrid") throw invalidOption("first", "of lexical, hybrid", name);
  }
  for (const name of options.blends) parseBlend(name);
  const embedder: Embedder | undefined = first.includes("hybrid") ? miniLM() : undefined;
  const encoder = model === undefined ? undefined : await crossEncoder({ folder: model, dtype });
  const report: Record<string, unknown> = {};
  for (const folder of data) {
    const { dataset, view, close } = await openDataset(folder, { embedder });
    const asked = shuffled(dataset.queries.map(({ id }) => id).sort(), seed).slice(0, options.questions);
    const half = Math.floor(asked.length / 2);
    const halves = { tune: part(dataset, asked.slice(0, half)), report: part(dataset, asked.slice(half)) };
    for (const name of first) {
      const retriever = name === "hybrid" ? hybrid(view) : lexical(view);
      const found = new Map<string, readonly Hit[]>();
      for (const id of asked) {
        const { text } = dataset.queries.find((query) => query.id === id)!;
        if (!found.has(text)) found.set(text, (await retriever.search(text, { k: 100 })).hits);
      }
      const lines = await compare(dataset, halves, found, encoder, options);
      const key = `${dataset.name}, ${name} first`;
      report[key] = lines.map(({ setting, ...figures }) => ({ setting, ...figures }));
      console.log(`\n${key}: ${half} questions to choose by, ${asked.length - half} reported`);
      console.table(Object.fromEntries(lines.map((line) => [line.setting, shown(line)])));
    }
    await close();
  }
  await encoder?.close?.();
  await embedder?.close();
  if (out !== undefined) await writeReport(out, report);
}

async function compare(
  dataset: BeirDataset,
  halves: { readonly tune: Qrels; readonly report: Qrels },
  found: Found,
  encoder: Reranker | undefined,
  { depths, blends, deadlines }: RerankingOptions,
): Promise<Line[]> {
  const first = recordedRetriever(found);
  const line = async (setting: string, rank: (question: string) => Promise<readonly Hit[]>): Promise<Line> => {
    const run = new Map<string, readonly string[]>();
    for (const { id, text } of dataset.queries) {
      if (found.has(text))
        run.set(
          id,
          (await rank(text)).map(({ passage }) => passage.source),
        );
    }
    const figures = (qrels: Qrels) => evaluateRun(run, qrels, metrics).means;
    return { setting, tune: figures(halves.tune), report: figures(halves.report) };
  };

  const lines = [await line("first stage", async (question) => found.get(question)!)];
  const times: number[] = [];
  for (const depth of depths) {
    const retriever = reranked(first, { reranker: proximityReranker(), depth });
    lines.push(
      await line(`proximity, depth ${depth}`, async (question) => {
        const started = performance.now();
        const { hits } = await retriever.search(question, { k: 100 });
        if (depth === depths[0])
          times.push(((performance.now() - started) * 1000) / Math.max(1, Math.min(depth, hits.length)));
        return hits;
      }),
    );
  }
  console.log(`proximity: ${percentile(times, 0.5).toFixed(0)} µs a hit`);
  if (encoder === undefined) return lines;

  const recorded = await record(encoder, found, Math.max(...depths));
  const pairs = [...recorded.values()].flatMap(({ ms }) => ms);
  const total = pairs.reduce((sum, ms) => sum + ms, 0);
  console.log(`${encoder.id}: ${pairs.length} pairs, ${((pairs.length * 1000) / total).toFixed(1)} a second`);
  const tried: { readonly line: Line; readonly depth: number; readonly blend: string }[] = [];
  for (const depth of depths) {
    for (const blend of blends) {
      const retriever = reranked(first, {
        reranker: recordedReranker(recorded, encoder.scale),
        depth,
        blend: parseBlend(blend),
      });
      const tryout = await line(
        `depth ${depth}, ${blend}`,
        async (question) => (await retriever.search(question, { k: 100 })).hits,
      );
      tried.push({ line: tryout, depth, blend });
    }
  }
  lines.push(...tried.map((one) => one.line));
  const sum = ({ tune }: Line): number => metrics.reduce((all, name) => all + tune[name]!, 0);
  const best = tried.reduce((a, b) => (sum(b.line) > sum(a.line) ? b : a));
  lines.push({ ...best.line, setting: `chosen: ${best.line.setting}` });
  for (const deadlineMs of deadlines) {
    const retriever = reranked(first, {
      reranker: recordedReranker(recorded, encoder.scale),
      depth: best.depth,
      blend: parseBlend(best.blend),
      deadlineMs,
    });
    lines.push(
      await line(`chosen, ${deadlineMs} ms`, async (question) => (await retriever.search(question, { k: 100 })).hits),
    );
  }
  return lines;
}

/** Scores and times every pair by itself. */
async function record(encoder: Reranker, found: Found, depth: number): Promise<Map<string, RecordedScores>> {
  const recorded = new Map<string, RecordedScores>();
  let told = performance.now();
  for (const [question, hits] of found) {
    const scores: number[] = [];
    const ms: number[] = [];
    for (const hit of hits.slice(0, depth)) {
      const started = performance.now();
      const result = await encoder.rerank(question, [hit]);
      ms.push(performance.now() - started);
      scores.push(result.scores[0]!);
    }
    recorded.set(question, { scores, ms });
    if (performance.now() - told > 10_000) {
      told = performance.now();
      console.error(`${encoder.id}: ${recorded.size} of ${found.size} questions`);
    }
  }
  return recorded;
}

const part = (dataset: BeirDataset, ids: readonly string[]): Qrels => {
  const wanted = new Set(ids);
  return new Map([...dataset.qrels].filter(([id]) => wanted.has(id)));
};

const shown = ({ tune, report }: Line): Record<string, number> =>
  Object.fromEntries(
    metrics.flatMap((name) => [
      [`${name} (chosen by)`, Number((100 * tune[name]!).toFixed(1))],
      [name, Number((100 * report[name]!).toFixed(1))],
    ]),
  );
