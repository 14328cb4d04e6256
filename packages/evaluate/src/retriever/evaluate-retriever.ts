import {
  addUsage,
  ClewError,
  checkKeys,
  type Filter,
  type Hit,
  invalidOption,
  type NoteCode,
  noUsage,
  positiveInteger,
  type Retriever,
  type Runtime,
  type SearchResult,
  type Usage,
} from "@clew/core";
import { type GoldenSet, judgedQueries, type MetricName, metricDepth, type Run } from "@clew/core/measure";
import { type Latency, latency } from "../compare/latency.js";
import { type Evaluation, evaluateRun } from "../metrics/evaluate-run.js";

/** Options of {@link evaluateRetriever}. */
export interface EvaluateRetrieverOptions {
  golden: GoldenSet;
  /** @default ndcg@10, recall@5, recall@10, mrr */
  metrics?: readonly MetricName[] | undefined;
  /** Hits asked of each search; at least as many as the metrics look at. @default 100 */
  k?: number | undefined;
  /** What the judgements name; a source ranks where its first passage does. @default "source" */
  by?: "source" | "passage" | undefined;
  /** Handed to every search. @default none */
  filter?: Filter | undefined;
  /** Handed to every search, in milliseconds. @default none */
  deadlineMs?: number | undefined;
  /** Searches before the first that is timed, with the first queries: a model that loads then is not counted. @default 0 */
  warmUp?: number | undefined;
  /** Count a search that fails as an empty ranking and list it under `failed`. @default false: the evaluation fails */
  degrade?: boolean | undefined;
  /** Name in comparisons. @default the retriever's kind */
  name?: string | undefined;
  /** Called after each query. */
  onProgress?: ((done: number, of: number) => void) | undefined;
  /** A clock in milliseconds. @default a monotonic one, of the finest grain there is */
  runtime?: Pick<Runtime, "now"> | undefined;
  signal?: AbortSignal | undefined;
}

/** Notes of one kind that searches came with. */
export interface CountedNote {
  readonly code: NoteCode;
  /** Queries whose result had it. */
  readonly queries: readonly string[];
  /** What the first of them said. */
  readonly example: string;
}

/** What {@link evaluateRetriever} found. */
export interface RetrieverEvaluation extends Evaluation {
  readonly name: string;
  readonly run: Run;
  /** The questions by query id. */
  readonly texts: ReadonlyMap<string, string>;
  /** Milliseconds of each search, by query id; one that failed has none. */
  readonly times: ReadonlyMap<string, number>;
  readonly latency: Latency;
  /** What was degraded, most frequent first: figures that come with notes are not those of the retriever as it was meant. */
  readonly notes: readonly CountedNote[];
  /** Searches that failed, with the reason. */
  readonly failed: readonly { readonly query: string; readonly reason: string }[];
  /** Spent on all timed searches together. */
  readonly usage: Usage;
  /** Generations of the index that were searched, in their order; more than one: it was written to meanwhile. */
  readonly generations: readonly number[];
}

/**
 * Runs a retriever over a golden set, one search after the other, and judges what it found.
 *
 * @throws ClewError `invalid-option`, `nothing-to-do` when no query has a relevant document; what a search throws, or
 *   `retriever-failed` when every one failed; the signal's reason when aborted
 */
export async function evaluateRetriever(
  retriever: Retriever,
  options: EvaluateRetrieverOptions,
): Promise<RetrieverEvaluation> {
  const { golden, metrics, k, by, filter, deadlineMs, warmUp, degrade, name, onProgress, runtime, signal } =
    checked(options);
  const queries = judgedQueries(golden);
  const run = new Map<string, string[]>();
  const times = new Map<string, number>();
  const failed: { query: string; reason: string }[] = [];
  const notes = new Map<NoteCode, { queries: string[]; example: string }>();
  const generations = new Set<number>();
  let usage = noUsage;
  for (const { text } of queries.slice(0, warmUp)) await retriever.search(text, { k, filter, deadlineMs, signal });
  for (const [index, { id, text }] of queries.entries()) {
    signal?.throwIfAborted();
    let found: SearchResult | undefined;
    const started = runtime.now();
    try {
      found = await retriever.search(text, { k, filter, deadlineMs, signal });
      times.set(id, runtime.now() - started);
    } catch (error) {
      signal?.throwIfAborted();
      if (!degrade) throw error;
      failed.push({ query: id, reason: error instanceof Error ? error.message : String(error) });
    }
    run.set(id, ranking(found?.hits ?? [], by));
    if (found !== undefined) {
      generations.add(found.generation);
      usage = addUsage(usage, found.usage);
      for (const code of new Set(found.notes.map((note) => note.code))) {
        const counted = notes.get(code) ?? {
          queries: [],
          example: found.notes.find((note) => note.code === code)!.message,
        };
        counted.queries.push(id);
        notes.set(code, counted);
      }
    }
    onProgress?.(index + 1, queries.length);
  }
  if (failed.length > 0 && times.size === 0) {
    throw new ClewError("retriever-failed", `Every search of the evaluation failed, the first: ${failed[0]!.reason}`);
  }
  const qrels = new Map(queries.map(({ id, judgements }) => [id, judgements]));
  return {
    ...evaluateRun(run, qrels, metrics),
    name: name ?? retriever.kind,
    run,
    texts: new Map(queries.map(({ id, text }) => [id, text])),
    times,
    latency: latency([...times.values()]),
    notes: [...notes]
      .map(([code, counted]) => ({ code, ...counted }))
      .sort((a, b) => b.queries.length - a.queries.length || (a.code < b.code ? -1 : 1)),
    failed,
    usage,
    generations: [...generations],
  };
}

function checked(options: EvaluateRetrieverOptions) {
  checkKeys("evaluateRetriever", options, [
    "golden",
    "metrics",
    "k",
    "by",
    "filter",
    "deadlineMs",
    "warmUp",
    "degrade",
    "name",
    "onProgress",
    "runtime",
    "signal",
  ] satisfies (keyof EvaluateRetrieverOptions)[]);
  const {
    metrics = ["ndcg@10", "recall@5", "recall@10", "mrr"],
    k = 100,
    by = "source",
    warmUp = 0,
    degrade = false,
    runtime = { now: () => performance.now() },
  } = options;
  positiveInteger("k", k);
  if (by !== "source" && by !== "passage") throw invalidOption("by", '"source" or "passage"', by);
  if (!Number.isSafeInteger(warmUp) || warmUp < 0) throw invalidOption("warmUp", "a whole number of 0 or more", warmUp);
  for (const name of metrics) {
    const depth = name === "mrr" ? 1 : (metricDepth(name) ?? 1); // mrr looks at 100 if there are so many
    if (depth > k) throw invalidOption("k", `at least what ${name} looks at`, k);
  }
  return { ...options, metrics, k, by, warmUp, degrade, runtime };
}

function ranking(hits: readonly Hit[], by: "source" | "passage"): string[] {
  return [...new Set(hits.map(({ passage }) => (by === "source" ? passage.source : passage.id)))];
}
