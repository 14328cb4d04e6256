import { createRetrievalAgent } from "@clew/agents";
import type { Answer } from "@clew/core";
import { type BeirQuery, containsAnswer, shuffled } from "@clew/evaluate";
import { miniLM } from "@clew/local";
import { openDataset } from "./open-dataset.js";
import { retrieverMaker } from "./retriever-makers.js";
import { writeReport } from "./write-report.js";

/** Options of `benchmark answers`. */
export interface AnswersOptions {
  readonly data: readonly string[];
  readonly questions: number;
  readonly seed: number;
  readonly hops: readonly number[];
  /** Name of the retriever; see `retrieverMakers`. */
  readonly retriever: string;
  readonly out?: string | undefined;
}

interface Figures {
  questions: number;
  gold_in_quotes: number;
  /** The same without the questions that hold their own answer. */
  gold_in_quotes_not_in_question: number;
  "evidence_recall@5": number;
  evidence_recall: number;
  verbatim: number;
  quotes_max: number;
  abstained: number;
  /** Share of the answers with a note that two sources disagree. */
  conflicts: number;
  ms_per_question: number;
}

/**
 * How good the answers without a model are: the share whose quotes hold the gold answer, the share of quotes that are
 * verbatim at their offsets, and the recall of the evidence gathered, by number of hops.
 */
export async function answers({ data, questions, seed, hops, retriever, out }: AnswersOptions): Promise<void> {
  const maker = retrieverMaker(retriever);
  const embedder = miniLM();
  const deferred: (() => Promise<void>)[] = [];
  const defer = (close: () => Promise<void>): void => {
    deferred.push(close);
  };
  const report: Record<string, Record<string, Figures>> = {};
  for (const folder of data) {
    const { dataset, view, close } = await openDataset(folder, { embedder: maker.embedder ? embedder : undefined });
    const texts = new Map(dataset.corpus.map(({ id, text }) => [id, text]));
    const answerable = dataset.queries.filter(
      ({ answer }) => answer !== undefined && !/^(?:yes|no)$/i.test(answer.trim()),
    );
    const drawn = shuffled(answerable, seed).slice(0, questions);
    const figures: Record<string, Figures> = {};
    for (const limit of hops) {
      const agent = createRetrievalAgent({ retriever: await maker.make(view, defer), budget: { hops: limit } });
      const asked: { query: BeirQuery; answer: Answer }[] = [];
      const started = performance.now();
      for (const query of drawn) asked.push({ query, answer: await agent.ask(query.text) });
      figures[`hops${limit}`] = measure(asked, dataset.qrels, texts, (performance.now() - started) / drawn.length);
    }
    report[dataset.name] = figures;
    console.log(`\n${dataset.name}: ${drawn.length} questions, seed ${seed}`);
    console.table(figures);
    await close();
  }
  for (const close of deferred) await close();
  await embedder.close();
  if (out !== undefined) await writeReport(out, report);
}

function measure(
  asked: readonly { query: BeirQuery; answer: Answer }[],
  qrels: ReadonlyMap<string, ReadonlyMap<string, number>>,
  texts: ReadonlyMap<string, string>,
  ms: number,
): Figures {
  const share = (holds: readonly boolean[]): number => round(holds.filter(Boolean).length / Math.max(1, holds.length));
  const quotes = asked.flatMap(({ answer }) => answer.citations);
  const holdsGold = ({ query, answer }: (typeof asked)[number]): boolean =>
    answer.citations.some(({ quote }) => containsAnswer(quote, query.answer!));
  const open = asked.filter(({ query }) => !containsAnswer(query.text, query.answer!));
  const recallOf = (limit: number): number => {
    const shares = asked.map(({ query, answer }) => {
      const gold = [...(qrels.get(query.id) ?? [])].filter(([, grade]) => grade > 0).map(([id]) => id);
      const found = new Set(answer.evidence.slice(0, limit).map(({ passage }) => passage.source));
      return gold.filter((id) => found.has(id)).length / Math.max(1, gold.length);
    });
    return round(shares.reduce((sum, value) => sum + value, 0) / Math.max(1, shares.length));
  };
  return {
    questions: asked.length,
    gold_in_quotes: share(asked.map(holdsGold)),
    gold_in_quotes_not_in_question: share(open.map(holdsGold)),
    "evidence_recall@5": recallOf(5),
    evidence_recall: recallOf(Number.POSITIVE_INFINITY),
    verbatim: share(quotes.map(({ quote, source, span }) => texts.get(source)?.slice(...span) === quote)),
    quotes_max: Math.max(0, ...asked.map(({ answer }) => answer.citations.length)),
    abstained: share(asked.map(({ answer }) => answer.status === "abstained")),
    conflicts: share(asked.map(({ answer }) => answer.notes.some(({ code }) => code === "conflict"))),
    ms_per_question: Math.round(ms),
  };
}

const round = (value: number): number => Number(value.toFixed(4));
