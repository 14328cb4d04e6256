import { type IndexView, noUsage, type Retriever } from "@clew/core";
import { type BeirDataset, type BeirQuery, evaluateRun, type MetricName, shuffled } from "@clew/evaluate";
import { miniLM } from "@clew/local";
import { diverse, type Expander, expanded, hybrid, lexical, questionKind, questionKinds } from "@clew/retrievers";
import { openDataset } from "./open-dataset.js";
import { writeReport } from "./write-report.js";

/** Options of `benchmark expansion`. */
export interface ExpansionOptions {
  readonly data: readonly string[];
  /** Seed of the halves; the second is reported, since the first was tuned on. */
  readonly seed: number;
  readonly out?: string | undefined;
}

type Figures = Record<string, Record<string, number>>;

const metrics: readonly MetricName[] = ["ndcg@10", "recall@5", "recall@100", "map"];

/** What expansion, diversity and routes by kind of question gain or cost, on the second half of the questions of each set. */
export async function expansion({ data, seed, out }: ExpansionOptions): Promise<void> {
  const embedder = miniLM();
  const report: Record<string, { readonly retrievers: Figures; readonly kinds: Figures }> = {};
  for (const folder of data) {
    const { dataset, view, close } = await openDataset(folder, { embedder });
    const queries = shuffled(dataset.queries, seed).slice(Math.ceil(dataset.queries.length / 2));
    const retrievers: Figures = {};
    for (const [name, retriever] of makers(view, queries))
      retrievers[name] = await measure(retriever, queries, dataset);
    report[dataset.name] = { retrievers, kinds: await byKind(view, dataset) };
    console.log(`\n${dataset.name}: the second half of its questions by seed ${seed}, ${queries.length}`);
    console.table(retrievers);
    console.log("nDCG@10 by kind of question, all questions");
    console.table(report[dataset.name]!.kinds);
    await close();
  }
  await embedder.close();
  if (out !== undefined) await writeReport(out, report);
}

function makers(view: IndexView, queries: readonly BeirQuery[]): [string, Retriever][] {
  const parts = partsOf(queries);
  return [
    ["lexical", lexical(view)],
    ["lexical, feedback", expanded(lexical(view))],
    ["hybrid", hybrid(view)],
    ["hybrid, feedback", expanded(hybrid(view))],
    ...[0.9, 0.7, 0.5].map((lambda): [string, Retriever] => [
      `hybrid, diverse ${lambda}`,
      diverse(hybrid(view), { view, lambda, depth: 100 }),
    ]),
    ...(parts === undefined ? [] : [1, 2, 4]).map((originalWeight): [string, Retriever] => [
      `lexical, its own parts, weight ${originalWeight}`,
      expanded(lexical(view), { by: parts!, originalWeight }),
    ]),
  ];
}

/** The sub-questions that the set itself gives, as far as they stand by themselves; undefined for a set without any. */
function partsOf(queries: readonly BeirQuery[]): Expander | undefined {
  const parts = new Map<string, readonly string[]>();
  for (const { text, fields } of queries) {
    const given = Array.isArray(fields.decomposition) ? fields.decomposition : [];
    const questions = given.map((part) => (part as { question?: unknown }).question);
    const whole = questions.filter((part): part is string => typeof part === "string" && !/#\d/.test(part));
    if (whole.length > 0) parts.set(text, whole);
  }
  if (parts.size === 0) return undefined;
  return {
    id: "parts",
    expand: async (query) => ({
      queries: (parts.get(query) ?? []).map((text) => ({ text })),
      notes: [],
      usage: noUsage,
    }),
  };
}

async function byKind(view: IndexView, dataset: BeirDataset): Promise<Figures> {
  const figures: Figures = {};
  for (const kind of questionKinds) {
    const queries = dataset.queries.filter(({ id, text }) => questionKind(text) === kind && dataset.qrels.has(id));
    if (queries.length === 0) continue;
    figures[kind] = {
      questions: queries.length,
      lexical: (await measure(lexical(view), queries, dataset))["ndcg@10"]!,
      hybrid: (await measure(hybrid(view), queries, dataset))["ndcg@10"]!,
    };
  }
  return figures;
}

async function measure(
  retriever: Retriever,
  queries: readonly BeirQuery[],
  { qrels }: BeirDataset,
): Promise<Record<string, number>> {
  const run = new Map<string, readonly string[]>();
  for (const { id, text } of queries) {
    const { hits } = await retriever.search(text, { k: 100 });
    run.set(
      id,
      hits.map(({ passage }) => passage.source),
    );
  }
  const judged = new Map(queries.flatMap(({ id }) => (qrels.has(id) ? [[id, qrels.get(id)!] as const] : [])));
  const { means } = evaluateRun(run, judged, metrics);
  return Object.fromEntries(metrics.map((name) => [name, Number(means[name]!.toFixed(4))]));
}
