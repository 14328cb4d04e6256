import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Answer, IndexView } from "@clew/core";
import { type BeirDocument, type BeirQuery, shuffled } from "@clew/evaluate";
import { linked } from "@clew/retrievers";
import { adapterAgents } from "./adapter-agents.js";
import { checkAnswer } from "./check-answer.js";
import { type Written, writtenBy } from "./written-by.js";

/** Where the adapter and its test questions lie in a folder of models. */
export const adapterPath = join("SmolLM2-135M-Instruct", "quote-writer-lora.gguf");
export const adapterTestPath = join("SmolLM2-135M-Instruct", "quote-writer-test.json");

/** Options of {@link askWithAdapter}. */
export interface AskWithAdapterOptions {
  readonly view: IndexView;
  readonly corpus: readonly BeirDocument[];
  readonly queries: readonly BeirQuery[];
  /** Folder of models. */
  readonly models: string;
  readonly url: string;
  readonly base: string;
  readonly adapter: string;
  /** Questions drawn. */
  readonly questions: number;
  /** Seed of the draw. */
  readonly seed: number;
  /** Passages of a search. */
  readonly k: number;
  /** Most passages that the writer is shown. @default all */
  readonly maxEvidence?: number | undefined;
  /** Takes the adapter away from the server. */
  readonly withdraw?: (() => Promise<void>) | undefined;
  readonly onAsked?: ((question: string, base: Written, adapter: Written) => void) | undefined;
}

/** Of so many questions, those of which something holds. */
export interface WriterFigures {
  readonly questions: number;
  readonly form: number;
  readonly verbatim: number;
  readonly verified: number;
  readonly supported: number;
  /** Citations of all answers; each was checked. */
  readonly citations: number;
  readonly msMedian: number;
}

/** What a real adapter did, beside its base. */
export interface AdapterReport {
  readonly base: WriterFigures;
  readonly adapter: WriterFigures;
  /** The answer to a question within which the adapter was withdrawn, and to the one after. */
  readonly withdrawn: readonly { readonly served: readonly string[]; readonly notes: readonly string[] }[];
  readonly asked: readonly { readonly question: string; readonly base: Written; readonly adapter: Written }[];
  readonly wrong: readonly string[];
}

interface Timed {
  readonly answer: Answer;
  readonly written: Written;
  readonly ms: number;
}

/**
 * Asks questions that the adapter's own test does not hold, with the base and with the adapter as the writer over what a search
 * finds, and checks every answer. Then the adapter is withdrawn in the middle of a run, which the base must end, with a note.
 */
export async function askWithAdapter(options: AskWithAdapterOptions): Promise<AdapterReport> {
  const { view, corpus, queries, models, url, base, adapter, questions, seed, k, maxEvidence, withdraw } = options;
  const trained = JSON.parse(await readFile(join(models, adapterTestPath), "utf8")) as { question: string }[];
  const seen = new Set(trained.map(({ question }) => question));
  const drawn = shuffled(
    queries.filter(({ text }) => !seen.has(text)),
    seed,
  );
  const texts = new Map<string, string>(corpus.map(({ id, text }) => [id, text]));
  const agents = adapterAgents({ retriever: linked(view), url, base, adapter, k, maxEvidence });
  const wrong: string[] = [];
  const ask = async (name: "base" | "adapter", question: string): Promise<Timed> => {
    const started = performance.now();
    const answer = await agents[name].ask(question);
    const ms = performance.now() - started;
    wrong.push(...checkAnswer(answer, texts).map((what) => `${name}, ${question}: ${what}`));
    return { answer, written: writtenBy(answer), ms };
  };
  const by: { readonly base: Timed[]; readonly adapter: Timed[] } = { base: [], adapter: [] };
  const asked: { question: string; base: Written; adapter: Written }[] = [];
  for (const { text: question } of drawn.slice(0, questions)) {
    const one = await ask("base", question);
    const other = await ask("adapter", question);
    by.base.push(one);
    by.adapter.push(other);
    asked.push({ question, base: one.written, adapter: other.written });
    options.onAsked?.(question, one.written, other.written);
    const { served } = other.written;
    if (served.length !== 1 || !served[0]!.endsWith(adapter)) {
      wrong.push(`${question}: the trace says that ${served.join(", ") || "nothing"} served, not ${adapter}.`);
    }
  }
  const withdrawn: { served: readonly string[]; notes: string[] }[] = [];
  if (withdraw !== undefined) {
    for (const { text: question } of drawn.slice(questions, questions + 2)) {
      let answer: Answer | undefined;
      for await (const event of agents.adapter.stream(question)) {
        if (event.type === "query" && withdrawn.length === 0) await withdraw();
        if (event.type === "done") answer = event.answer;
      }
      const { served } = writtenBy(answer!);
      const notes = answer!.notes.filter(({ code }) => code === "fell-back").map(({ message }) => message);
      withdrawn.push({ served, notes });
      wrong.push(...checkAnswer(answer!, texts).map((what) => `withdrawn, ${question}: ${what}`));
      if (served.length !== 1 || !served[0]!.endsWith(base) || !notes.some((said) => said.includes(adapter))) {
        wrong.push(`Without the adapter ${served.join(", ")} served, and the notes say: ${notes.join(" ")}`);
      }
    }
  }
  const figures = { base: figuresOf(by.base), adapter: figuresOf(by.adapter) };
  if (figures.adapter.verified <= figures.base.verified) {
    wrong.push(`Verified quotes: ${figures.adapter.verified} by the adapter, ${figures.base.verified} by the base.`);
  }
  return { ...figures, withdrawn, asked, wrong };
}

function figuresOf(all: readonly Timed[]): WriterFigures {
  const count = (holds: (written: Written) => boolean): number => all.filter(({ written }) => holds(written)).length;
  const times = all.map(({ ms }) => Math.round(ms)).sort((a, b) => a - b);
  return {
    questions: all.length,
    form: count(({ form }) => form),
    verbatim: count(({ verbatim }) => verbatim),
    verified: count(({ verified }) => verified),
    supported: count(({ supported }) => supported),
    citations: all.reduce((sum, { answer }) => sum + answer.citations.length, 0),
    msMedian: times[times.length >> 1] ?? 0,
  };
}
