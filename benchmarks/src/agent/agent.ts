import { createRetrievalAgent } from "@clew/agents";
import { invalidOption } from "@clew/core";
import { type BeirDataset, type BeirQuery, shuffled } from "@clew/evaluate";
import { miniLM } from "@clew/local";
import { openDataset } from "../open-dataset.js";
import { retrieverMaker } from "../retriever-makers.js";
import { writeReport } from "../write-report.js";
import { type AnswerFigures, type Asked, answerFigures } from "./answer-figures.js";
import { timeAgain } from "./overhead.js";
import { remembered } from "./remembered.js";

/** Options of `benchmark agent`. */
export interface AgentOptions {
  readonly data: readonly string[];
  readonly questions: number;
  readonly seed: number;
  readonly hops: readonly number[];
  /** `drawn`: the first questions in the order of the seed; `rest`: those after them, to work on. */
  readonly part: string;
  /** Name of the retriever; see `retrieverMakers`. */
  readonly retriever: string;
  readonly out?: string | undefined;
}

/**
 * What an agent's answers are worth and cost, by number of hops: gold answers in the quotes, recall of the evidence,
 * verbatim quotes, known ids, abstentions, and its own CPU time a hop.
 */
export async function agent(options: AgentOptions): Promise<void> {
  const { data, hops, retriever: name, out } = options;
  const maker = retrieverMaker(name);
  const embedder = miniLM();
  const deferred: (() => Promise<void>)[] = [];
  const report: Record<string, Record<string, AnswerFigures>> = {};
  for (const folder of data) {
    const { dataset, view, close } = await openDataset(folder, { embedder: maker.embedder ? embedder : undefined });
    const retriever = remembered(await maker.make(view, (done) => deferred.push(done)));
    const drawn = draw(dataset, options);
    const figures: Record<string, AnswerFigures> = {};
    for (const limit of hops) {
      const agent = createRetrievalAgent({ retriever, budget: { hops: limit } });
      const asked: Asked[] = [];
      const tell = progress(`${dataset.name}, ${limit} hops`, drawn.length);
      for (const query of drawn) {
        const answer = await agent.ask(query.text);
        asked.push({ query, answer, timed: await timeAgain(agent, retriever, answer) });
        tell(asked.length);
      }
      figures[`hops${limit}`] = await answerFigures(asked, dataset);
    }
    report[dataset.name] = figures;
    console.log(`\n${dataset.name}: ${drawn.length} questions (${options.part}), seed ${options.seed}`);
    console.table(transposed(figures));
    await close();
  }
  for (const close of deferred) await close();
  await embedder.close();
  if (out !== undefined) await writeReport(out, report);
}

/** Questions with an answer that can be quoted: yes and no cannot. */
export function draw(
  { queries }: BeirDataset,
  { questions, seed, part }: Pick<AgentOptions, "questions" | "seed" | "part">,
): BeirQuery[] {
  if (part !== "drawn" && part !== "rest") throw invalidOption("part", "drawn or rest", part);
  const quotable = queries.filter(({ answer }) => answer !== undefined && !/^(?:yes|no)$/i.test(answer.trim()));
  const order = shuffled(quotable, seed);
  return part === "drawn" ? order.slice(0, questions) : order.slice(questions);
}

/** Says every ten seconds how far a long run is. */
export function progress(what: string, of: number): (done: number) => void {
  let told = performance.now();
  return (done) => {
    if (performance.now() - told < 10_000) return;
    told = performance.now();
    console.error(`${what}: ${done} of ${of}`);
  };
}

/** Figures as rows, limits as columns. */
function transposed(figures: Readonly<Record<string, AnswerFigures>>): Record<string, Record<string, unknown>> {
  const rows: Record<string, Record<string, unknown>> = {};
  for (const [column, one] of Object.entries(figures)) {
    for (const [row, value] of Object.entries(one)) {
      rows[row] = { ...rows[row], [column]: Array.isArray(value) ? value.join(" ") : value };
    }
  }
  return rows;
}
