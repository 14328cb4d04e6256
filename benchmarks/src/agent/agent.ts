import { createRetrievalAgent, extractivePolicy, llmPolicy } from "@clew/agents";
import { type Embedder, invalidOption, type Retriever } from "@clew/core";
import { type BeirDataset, type BeirQuery, readBeir, shuffled } from "@clew/evaluate";
import { miniLM } from "@clew/local";
import { MemorySaver } from "@langchain/langgraph";
import { type OpenDataset, openDataset } from "../open-dataset.js";
import { retrieverMaker } from "../retriever-makers.js";
import { writeReport } from "../write-report.js";
import {
  type AbstentionFigures,
  abstentionFigures,
  featuresIn,
  type MaybeAnswerable,
  withoutGold,
} from "./abstention.js";
import {
  type AnswerFigures,
  type Asked,
  answerFigures,
  holdsGold,
  type PairedGain,
  pairedGain,
} from "./answer-figures.js";
import { oracleModel } from "./oracle-model.js";
import { type Listened, type OverheadFigures, overheadOf, timeAgain } from "./overhead.js";
import { remembered } from "./remembered.js";
import { timedPolicy } from "./timed-policy.js";

/** Options of `benchmark agent`. */
export interface AgentOptions {
  readonly data: readonly string[];
  readonly questions: number;
  readonly seed: number;
  readonly hops: readonly number[];
  /** `drawn`: the first questions in the order of the seed; `rest`: those after them, to work on. */
  readonly part: string;
  /** `extractive`, or `oracle`: the policy of chat models with one that knows the gold decompositions. */
  readonly policy: string;
  /** Keeps every step in memory, as a checkpointer does. */
  readonly keep?: boolean | undefined;
  /** Name of the retriever; see `retrieverMakers`. */
  readonly retriever: string;
  /** File of questions without an answer in the corpus, in each folder. */
  readonly unanswerable?: string | undefined;
  /** Measures abstention alone, over an index without the gold passages of half of the questions. */
  readonly withoutGold?: boolean | undefined;
  /** Where every answer's confidence is written, with what it was computed from. */
  readonly records?: string | undefined;
  readonly out?: string | undefined;
}

/** What the command writes of one set. */
type SetReport = Record<string, AnswerFigures | AbstentionFigures | PairedGain | number>;

/**
 * What an agent's answers are worth and cost, by number of hops: gold answers in the quotes, recall of the evidence,
 * verbatim quotes, known ids, abstentions, and its own CPU time a hop; and whether its confidence tells when to abstain.
 */
export async function agent(options: AgentOptions): Promise<void> {
  const embedder = retrieverMaker(options.retriever).embedder ? miniLM() : undefined;
  const report: Record<string, SetReport> = {};
  const records: object[] = [];
  for (const folder of options.data) {
    const figures = await (options.withoutGold ? abstentions : answers)(folder, options, embedder, records);
    report[folder.replace(/\/+$/, "").replace(/^.*\//, "")] = figures;
  }
  await embedder?.close();
  if (options.records !== undefined) await writeReport(options.records, records);
  if (options.out !== undefined) await writeReport(options.out, report);
}

async function answers(
  folder: string,
  options: AgentOptions,
  embedder: Embedder | undefined,
  records: object[],
): Promise<SetReport> {
  const opened = await openDataset(folder, { embedder });
  const { dataset } = opened;
  const report: SetReport = {};
  const limits: Record<string, AnswerFigures & OverheadFigures> = {};
  const held: (readonly number[])[] = [];
  await withRetriever(opened, options, async (retriever) => {
    const drawn = draw(dataset.queries.filter(isQuotable), options);
    for (const limit of drawn.length === 0 ? [] : options.hops) {
      const made = makeAgent(retriever, limit, options, dataset);
      const asked: Asked[] = [];
      const tell = progress(`${dataset.name}, ${limit} hops`, drawn.length);
      for (const query of drawn) {
        asked.push({ query, answer: await ask(made, query.text) });
        tell(asked.length);
      }
      const timed = await timeAgain(
        made,
        asked.map(({ answer }) => answer),
      );
      held.push(asked.map((one) => Number(holdsGold(one))));
      limits[`hops${limit}`] = { ...(await answerFigures(asked, dataset)), ...(await overheadOf(timed)) };
    }
    Object.assign(report, limits);
    console.log(`\n${dataset.name}: ${drawn.length} questions (${options.part}), seed ${options.seed}`);
    console.table(transposed(limits));
    const [first, last] = [held[0], held.at(-1)];
    if (first !== undefined && last !== undefined && held.length > 1) {
      const gain = await pairedGain(first, last);
      Object.assign(report, { gold_in_quotes_gain: gain });
      console.log(`Gold answers in the quotes, last limit of hops less the first: ${JSON.stringify(gain)}`);
    }
    if (options.unanswerable === undefined) return;
    const { queries } = await readBeir(folder, { queries: options.unanswerable });
    const asked = await askBoth(makeAgent(retriever, Math.max(...options.hops), options, dataset), dataset, {
      answerable: draw(dataset.queries, options),
      unanswerable: draw(queries, options),
    });
    records.push(...recordsOf(asked, dataset.name));
    const abstention = abstentionFigures(asked);
    const { auroc, coverage_at_10pct_risk } = abstention;
    Object.assign(report, { auroc, coverage_at_10pct_risk, abstention });
    show(dataset.name, abstention);
  });
  return report;
}

async function abstentions(
  folder: string,
  options: AgentOptions,
  embedder: Embedder | undefined,
  records: object[],
): Promise<SetReport> {
  const { queries, qrels } = await readBeir(folder);
  const { removed, ...halves } = withoutGold(queries.filter(isQuotable), qrels, options.seed);
  const without = { documents: removed, name: `without-${options.seed}` };
  const opened = await openDataset(folder, { embedder, without });
  const { dataset } = opened;
  const report: SetReport = {};
  await withRetriever(opened, options, async (retriever) => {
    for (const limit of options.hops) {
      const asked = await askBoth(makeAgent(retriever, limit, options, dataset), dataset, {
        answerable: draw(halves.answerable, options),
        unanswerable: draw(halves.unanswerable, options),
      });
      records.push(...recordsOf(asked, dataset.name));
      const figures = abstentionFigures(asked);
      report[`hops${limit}`] = figures;
      show(`${dataset.name} without the gold passages of half of its questions, ${limit} hops`, figures);
    }
  });
  return report;
}

async function withRetriever(
  { view, close }: OpenDataset,
  { retriever }: AgentOptions,
  work: (retriever: Retriever) => Promise<void>,
): Promise<void> {
  const deferred: (() => Promise<void>)[] = [];
  await work(remembered(await retrieverMaker(retriever).make(view, (done) => deferred.push(done))));
  for (const one of deferred) await one();
  await close();
}

function makeAgent(
  retriever: Retriever,
  hops: number,
  { policy: name, keep }: Pick<AgentOptions, "policy" | "keep">,
  { queries, qrels, corpus }: BeirDataset,
): Listened {
  if (name !== "extractive" && name !== "oracle") throw invalidOption("policy", "extractive or oracle", name);
  const known = { queries, qrels, corpus: new Map(corpus.map((one) => [one.id, one])) };
  const policy = timedPolicy(name === "oracle" ? llmPolicy() : extractivePolicy());
  const agent = createRetrievalAgent({
    retriever,
    budget: { hops },
    policy: policy.policy,
    ...(name === "oracle" ? { models: oracleModel(known) } : {}),
    ...(keep ? { checkpointer: new MemorySaver() } : {}),
  });
  let threads = 0;
  return { agent, policy, retriever, ...(keep ? { thread: () => `q${++threads}` } : {}) };
}

const ask = ({ agent, thread }: Listened, question: string) =>
  agent.ask(question, thread === undefined ? {} : { thread: thread() });

async function askBoth(
  made: Listened,
  { name }: BeirDataset,
  { answerable, unanswerable }: { answerable: readonly BeirQuery[]; unanswerable: readonly BeirQuery[] },
): Promise<MaybeAnswerable[]> {
  const asked: MaybeAnswerable[] = [];
  const tell = progress(`${name}, abstention`, answerable.length + unanswerable.length);
  for (const query of [...answerable, ...unanswerable]) {
    const answer = await ask(made, query.text);
    const covered = asked.length < answerable.length;
    asked.push({ answer, answerable: covered, right: covered && (!isQuotable(query) || holdsGold({ query, answer })) });
    tell(asked.length);
  }
  return asked;
}

const recordsOf = (asked: readonly MaybeAnswerable[], dataset: string): object[] =>
  asked.map(({ answer, answerable, right }) => ({
    dataset,
    question: answer.question,
    answerable,
    right,
    confidence: answer.confidence,
    features: featuresIn(answer.trace),
  }));

/** Whether a question has an answer that can be quoted: yes and no cannot. */
const isQuotable = ({ answer }: BeirQuery): boolean => answer !== undefined && !/^(?:yes|no)$/i.test(answer.trim());

/** The questions drawn by the seed, or the rest. */
function draw(
  queries: readonly BeirQuery[],
  { questions, seed, part }: Pick<AgentOptions, "questions" | "seed" | "part">,
): BeirQuery[] {
  if (part !== "drawn" && part !== "rest") throw invalidOption("part", "drawn or rest", part);
  const order = shuffled(queries, seed);
  return part === "drawn" ? order.slice(0, questions) : order.slice(questions);
}

/** Says every ten seconds how far a long run is. */
function progress(what: string, of: number): (done: number) => void {
  let told = performance.now();
  return (done) => {
    if (performance.now() - told < 10_000) return;
    told = performance.now();
    console.error(`${what}: ${done} of ${of}`);
  };
}

/** Figures as rows, limits as columns. */
function transposed(figures: Readonly<Record<string, object>>): Record<string, Record<string, unknown>> {
  const rows: Record<string, Record<string, unknown>> = {};
  for (const [column, one] of Object.entries(figures)) {
    for (const [row, value] of Object.entries(one)) {
      rows[row] = { ...rows[row], [column]: Array.isArray(value) ? value.join(" ") : value };
    }
  }
  return rows;
}

function show(what: string, { risk_coverage, ...figures }: AbstentionFigures): void {
  console.log(`\n${what}`);
  console.table(figures);
  console.table(
    risk_coverage.map(([coverage, risk, wrong, confidence]) => ({ coverage, unanswerable: risk, wrong, confidence })),
  );
}
