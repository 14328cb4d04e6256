import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { defineRetriever, noUsage, scope } from "@clew/core";
import { aHit } from "@clew/core/testing";
import type { EndpointModel } from "@clew/endpoints";
import { adapterTestPath } from "./ask-with-adapter.js";
import { checkAnswer } from "./check-answer.js";
import { writerAgent } from "./writer-agent.js";
import { type Written, writtenBy } from "./written-by.js";

/** Options of {@link quoteGivenEvidence}. */
export interface QuoteGivenEvidenceOptions {
  /** Folder of models. */
  readonly models: string;
  readonly base: EndpointModel;
  readonly adapter: EndpointModel;
  /** Of the adapter's own test, from its beginning. */
  readonly questions: number;
}

/** Of so many questions, those of which something holds. */
interface QuoteFigures {
  readonly questions: number;
  readonly form: number;
  readonly verbatim: number;
  readonly verified: number;
}

/** What base and adapter made of evidence that was given to them. */
export interface QuotedEvidence {
  readonly base: QuoteFigures;
  readonly adapter: QuoteFigures;
  readonly asked: readonly { readonly question: string; readonly base: Written; readonly adapter: Written }[];
  readonly wrong: readonly string[];
}

interface TestQuestion {
  readonly question: string;
  readonly title: string;
  readonly text: string;
}

/** Asks base and adapter of one server at the same time, over the one passage that the adapter's test gives for each question. */
export async function quoteGivenEvidence(options: QuoteGivenEvidenceOptions): Promise<QuotedEvidence> {
  const { models, base, adapter, questions } = options;
  const given = JSON.parse(await readFile(join(models, adapterTestPath), "utf8")) as TestQuestion[];
  const asked: { question: string; base: Written; adapter: Written }[] = [];
  const wrong: string[] = [];
  for (const { question, title, text } of given.slice(0, questions)) {
    const hit = aHit({ title, text });
    const found = { hits: [hit], notes: [], usage: noUsage, generation: -1 };
    const retriever = defineRetriever("given", async () => found, { scope: scope("live") });
    const ask = async (model: EndpointModel): Promise<Written> => {
      const answer = await writerAgent({ retriever, model, k: 1 }).ask(question);
      wrong.push(...checkAnswer(answer, new Map([[hit.passage.source, text]])).map((what) => `${question}: ${what}`));
      return writtenBy(answer);
    };
    const [one, other] = await Promise.all([ask(base), ask(adapter)]);
    asked.push({ question, base: one, adapter: other });
  }
  const figures = {
    base: figuresOf(asked.map((one) => one.base)),
    adapter: figuresOf(asked.map((one) => one.adapter)),
  };
  if (figures.adapter.verbatim <= figures.base.verbatim) {
    wrong.push(`Verbatim quotes: ${figures.adapter.verbatim} by the adapter, ${figures.base.verbatim} by the base.`);
  }
  return { ...figures, asked, wrong };
}

const figuresOf = (all: readonly Written[]): QuoteFigures => ({
  questions: all.length,
  form: all.filter(({ form }) => form).length,
  verbatim: all.filter(({ verbatim }) => verbatim).length,
  verified: all.filter(({ verified }) => verified).length,
});
