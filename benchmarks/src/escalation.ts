import { createRetrievalAgent, extractivePolicy } from "@clew/agents";
import { type Answer, alignClaim, type DraftEvent, type Evidence, type Policy } from "@clew/core";
import { seededRandom } from "@clew/core/measure";
import { contentHash, sentences } from "@clew/core/text";
import { escalating, fitEscalation, supportOf } from "@clew/endpoints";
import { type BeirQuery, containsAnswer, halves, shuffled } from "@clew/evaluate";
import { miniLM } from "@clew/local";
import { openDataset } from "./open-dataset.js";
import { retrieverMaker } from "./retriever-makers.js";
import { writeReport } from "./write-report.js";

/** Options of `benchmark escalation`. */
export interface EscalationOptions {
  readonly data: readonly string[];
  readonly questions?: number | undefined;
  readonly retriever: string;
  readonly maxErrors: readonly number[];
  readonly confidence: number;
  readonly splits: number;
  readonly seed: number;
  /** Share of the questions that the scripted rung answers rightly where the evidence lets it. */
  readonly skill: number;
  readonly out?: string | undefined;
}

interface Asked {
  /** Signals of each rung's answer, by name. */
  readonly signals: readonly Readonly<Record<string, number>>[];
  /** Whether a quote of it holds the gold answer. */
  readonly correct: readonly boolean[];
}

/**
 * Signals of an answer: how well it is held by its quotes, and the retrieval score of the weakest passage that it cites.
 * Their mean rank among the fitting questions, by rung, puts rungs of different kinds on one scale.
 */
const signals: Readonly<Record<string, (answer: Answer) => number>> = {
  support: supportOf,
  weakest: ({ citations, evidence }) => {
    const scores = new Map(evidence.map(({ id, score }) => [id as string, score]));
    const cited = citations.map((citation) => scores.get(citation.evidence) ?? 0);
    return cited.length === 0 ? 0 : Math.min(...cited);
  },
};

interface Figures {
  questions: number;
  max_error: number;
  confidence: number;
  splits: number;
  /** Splits in which the held-out half had a higher error rate than allowed. */
  broken: number;
  /** Share of the held-out questions that were answered, over all splits. */
  answered: number;
  /** Of these, answered by the first rung. */
  by_first: number;
  error: number;
  /** Splits that found no threshold. */
  without: number;
}

/**
 * Escalation from answers without a model to a scripted writer: the threshold is fitted on a random half of the
 * questions, and the error rate among the answered is counted on the other half.
 */
export async function escalation(options: EscalationOptions): Promise<void> {
  const { data, questions, retriever, maxErrors, confidence, splits, seed, skill, out } = options;
  const maker = retrieverMaker(retriever);
  const embedder = maker.embedder ? miniLM() : undefined;
  const deferred: (() => Promise<void>)[] = [];
  const report: Record<string, Record<string, Figures>> = {};
  for (const folder of data) {
    const { dataset, view, close } = await openDataset(folder, { embedder });
    const answerable = dataset.queries.filter(
      ({ answer, text }) =>
        answer !== undefined && !/^(?:yes|no)$/i.test(answer.trim()) && !containsAnswer(text, answer),
    );
    const drawn = shuffled(answerable, seed).slice(0, questions);
    const found = await maker.make(view, (each) => void deferred.push(each));
    const gold = new Map(drawn.map(({ text, answer }) => [text, answer!]));
    const first = createRetrievalAgent({ retriever: found, budget: { hops: 2 } });
    const second = createRetrievalAgent({ retriever: found, budget: { hops: 2 }, policy: scripted(gold, skill) });
    const asked: Asked[] = [];
    for (const query of drawn) {
      const answers = [await first.ask(query.text), await second.ask(query.text)];
      asked.push({
        signals: answers.map((answer) =>
          Object.fromEntries(Object.entries(signals).map(([name, read]) => [name, read(answer)])),
        ),
        correct: answers.map((answer) => isRight(answer, query)),
      });
    }
    await checkAgent(drawn, asked, { first, second });
    const figures: Record<string, Figures> = {};
    for (const maxError of maxErrors) {
      figures[`${maxError * 100} %`] = measure(asked, { maxError, confidence, splits, seed });
    }
    report[dataset.name] = figures;
    const right = (rung: number): string =>
      ((100 * asked.filter(({ correct }) => correct[rung]).length) / asked.length).toFixed(1);
    console.log(`\n${dataset.name}: ${asked.length} questions; first rung right ${right(0)} %, second ${right(1)} %`);
    console.table(figures);
    await close();
  }
  for (const each of deferred) await each();
  await embedder?.close();
  if (out !== undefined) await writeReport(out, report);
}

function measure(
  asked: readonly Asked[],
  { maxError, confidence, splits, seed }: { maxError: number; confidence: number; splits: number; seed: number },
): Figures {
  const random = seededRandom(seed);
  let [broken, without, answered, byFirst, errors, held] = [0, 0, 0, 0, 0, 0];
  for (let split = 0; split < splits; split++) {
    const { first: fitting, second: rest } = halves([...asked], Math.floor(random() * 2 ** 31));
    const scoresOf = ranked(fitting);
    const { threshold } = fitEscalation({
      scores: fitting.map(scoresOf),
      correct: fitting.map(({ correct }) => correct),
      horizon: rest.length,
      ...{ maxError, confidence },
    });
    held += rest.length;
    if (threshold === undefined) {
      without++;
      continue;
    }
    const rungs = rest.map((each) => scoresOf(each).findIndex((score) => score >= threshold));
    const given = rungs.filter((rung) => rung >= 0).length;
    const wrong = rest.filter(({ correct }, index) => rungs[index]! >= 0 && correct[rungs[index]!] !== true).length;
    answered += given;
    byFirst += rungs.filter((rung) => rung === 0).length;
    errors += wrong;
    if (wrong > maxError * given) broken++;
  }
  const share = (part: number, whole: number): number => Number((part / Math.max(1, whole)).toFixed(4));
  return {
    ...{ questions: asked.length, max_error: maxError, confidence, splits, broken, without },
    answered: share(answered, held),
    by_first: share(byFirst, held),
    error: share(errors, answered),
  };
}

/** Scores of a question's answers: the mean, over the signals, of the share of fitting answers of that rung that are not better. */
function ranked(fitting: readonly Asked[]): (asked: Asked) => number[] {
  const names = Object.keys(signals);
  const rungs = fitting[0]?.signals.length ?? 0;
  const sorted = Array.from({ length: rungs }, (_, rung) =>
    names.map((name) => fitting.map((each) => each.signals[rung]![name]!).sort((a, b) => a - b)),
  );
  const below = (values: readonly number[], value: number): number =>
    values.filter((each) => each <= value).length / values.length;
  return ({ signals: own }) =>
    own.map((rung, index) => {
      const ranks = names.map((name, at) => below(sorted[index]![at]!, rung[name]!));
      return ranks.reduce((sum, rank) => sum + rank, 0) / names.length;
    });
}

/** The agent that escalates does what was counted: the rung that answers is the first whose score is enough. */
async function checkAgent(
  drawn: readonly BeirQuery[],
  asked: readonly Asked[],
  rungs: Parameters<typeof escalating>[0]["rungs"],
): Promise<void> {
  const threshold = 0.6;
  const agent = escalating({ rungs, threshold });
  for (const [index, query] of drawn.slice(0, 10).entries()) {
    const { status } = await agent.ask(query.text);
    const isAnswered = asked[index]!.signals.some(({ support }) => support! >= threshold);
    if ((status !== "abstained") !== isAnswered) throw new Error(`The agent escalates otherwise: ${query.text}`);
  }
}

const isRight = ({ citations }: Answer, { answer }: BeirQuery): boolean =>
  citations.some(({ quote }) => containsAnswer(quote, answer!));

/** Looks and grades as without a model, and writes one sentence of the evidence: the right one as often as its skill says. */
function scripted(gold: ReadonlyMap<string, string>, skill: number): Policy {
  const looks = extractivePolicy();
  return {
    ...looks,
    id: "scripted",
    async *write({ question, evidence }): AsyncGenerator<DraftEvent> {
      const all = evidence.flatMap(({ passage }) => sentences(passage.text).map((span) => passage.text.slice(...span)));
      const right = all.find((text) => containsAnswer(text, gold.get(question) ?? ""));
      const chance = Number.parseInt(contentHash(question).slice(0, 8), 16);
      const text = chance / 2 ** 32 < skill && right !== undefined ? right : (all[chance % all.length] ?? "");
      if (text !== "") yield { type: "sentence", text, citations: alignClaim(text, evidence as readonly Evidence[]) };
    },
  };
}
