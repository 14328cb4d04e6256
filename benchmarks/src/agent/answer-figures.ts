import { type Answer, openTrace } from "@clew/core";
import { bootstrapInterval, randomisationTest } from "@clew/core/measure";
import { type BeirDataset, type BeirQuery, containsAnswer } from "@clew/evaluate";

/** A question and its answer. */
export interface Asked {
  readonly query: BeirQuery;
  readonly answer: Answer;
}

/** A mean and its 95 % interval. */
export type Spread = readonly [mean: number, low: number, high: number];

/** Figures of one set at one limit of hops; shares are in [0, 1]. */
export interface AnswerFigures {
  questions: number;
  gold_in_quotes: number;
  gold_in_quotes_interval: Spread;
  /** The same without the questions that hold their own answer. */
  gold_in_quotes_not_in_question: number;
  /** Gold passages among five: those quoted, then those graded as evidence, then the rest by their best score. */
  "evidence_recall@5": number;
  evidence_recall: number;
  /** Quotes that are their source's text at their offsets. */
  verbatim: number;
  /** Citations of evidence that the run gathered. */
  known_ids: number;
  quotes_max: number;
  abstained: number;
  /** Share of the answers with a note that two sources disagree. */
  conflicts: number;
  hops_mean: number;
  searches_mean: number;
}

/** What a set's answers are worth. */
export async function answerFigures(
  asked: readonly Asked[],
  { corpus, qrels }: Pick<BeirDataset, "corpus" | "qrels">,
): Promise<AnswerFigures> {
  const texts = new Map(corpus.map(({ id, text }) => [id, text]));
  const citations = asked.flatMap(({ answer }) => answer.citations.map((citation) => ({ answer, citation })));
  const held = asked.map((one) => (holdsGold(one) ? 1 : 0));
  const open = asked.filter(({ query }) => !containsAnswer(query.text, query.answer!));
  const recallOf = (limit: number): number =>
    mean(
      asked.map(({ query, answer }) => {
        const gold = [...(qrels.get(query.id) ?? [])].filter(([, grade]) => grade > 0).map(([id]) => id);
        const found = new Set(bestSources(answer).slice(0, limit));
        return gold.filter((id) => found.has(id)).length / Math.max(1, gold.length);
      }),
    );
  return {
    questions: asked.length,
    gold_in_quotes: round(mean(held)),
    gold_in_quotes_interval: await spreadOf(held),
    gold_in_quotes_not_in_question: round(mean(open.map((one) => (holdsGold(one) ? 1 : 0)))),
    "evidence_recall@5": round(recallOf(5)),
    evidence_recall: round(recallOf(Number.POSITIVE_INFINITY)),
    verbatim: round(
      share(citations.map(({ citation: { source, span, quote } }) => texts.get(source)?.slice(...span) === quote)),
    ),
    known_ids: round(
      share(citations.map(({ answer, citation }) => answer.evidence.some(({ id }) => id === citation.evidence))),
    ),
    quotes_max: Math.max(0, ...asked.map(({ answer }) => answer.citations.length)),
    abstained: round(share(asked.map(({ answer }) => answer.status === "abstained"))),
    conflicts: round(share(asked.map(({ answer }) => answer.notes.some(({ code }) => code === "conflict")))),
    hops_mean: round(mean(asked.map(({ answer }) => new Set(answer.hops.map(({ hop }) => hop)).size))),
    searches_mean: round(mean(asked.map(({ answer }) => answer.hops.length))),
  };
}

/** Whether a quote holds the gold answer, both normalised as SQuAD does. */
export const holdsGold = ({ query, answer }: Pick<Asked, "query" | "answer">): boolean =>
  answer.citations.some(({ quote }) => containsAnswer(quote, query.answer!));

/**
 * Sources of the evidence, best first, as far as an answer tells: those quoted, then those that the last grades name, then
 * the rest by the best score that they had in any search. The ledger's own order is that of arrival, and ranks nothing.
 */
function bestSources({ citations, evidence, trace }: Answer): string[] {
  const last = openTrace(trace).findLast(({ kind }) => kind === "grade")?.data as
    | readonly { evidence?: string[] }[]
    | undefined;
  const graded = new Set((last ?? []).flatMap((grade) => grade.evidence ?? []));
  const named = evidence.filter(({ id }) => graded.has(id));
  const rest = [...evidence].sort((a, b) => b.score - a.score || (a.passage.id < b.passage.id ? -1 : 1));
  return [
    ...new Set([...citations.map(({ source }) => source), ...[...named, ...rest].map(({ passage }) => passage.source)]),
  ];
}

/** A mean with its bootstrap interval; the mean alone where there is one value. */
export async function spreadOf(values: readonly number[]): Promise<Spread> {
  if (values.length < 2) return [round(mean(values)), round(mean(values)), round(mean(values))];
  const { mean: middle, low, high } = await bootstrapInterval(values);
  return [round(middle), round(low), round(high)];
}

/** What one way of asking gains over another, question by question. */
export interface PairedGain {
  /** Mean difference. */
  readonly difference: number;
  /** Ends of its 95 % interval. */
  readonly low: number;
  readonly high: number;
  /** Of the randomisation test, two-sided. */
  readonly p: number;
  readonly wins: number;
  readonly losses: number;
}

/** Compares two lists of values of the same questions. */
export async function pairedGain(before: readonly number[], after: readonly number[]): Promise<PairedGain> {
  const differences = after.map((value, index) => value - before[index]!);
  const [difference, low, high] = await spreadOf(differences);
  const { p } = await randomisationTest(differences);
  return {
    difference,
    low,
    high,
    p: round(p),
    wins: differences.filter((one) => one > 0).length,
    losses: differences.filter((one) => one < 0).length,
  };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
const share = (holds: readonly boolean[]): number => mean(holds.map(Number));

/** Four decimals. */
export const round = (value: number): number => Number(value.toFixed(4));
