import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { createResearcher, type ResearcherOptions } from "@clew/agents";
import { type IndexView, type Retriever, scope } from "@clew/core";
import { memoryIndex, openIndex } from "@clew/index";
import { files } from "@clew/ingest";
import { miniLM } from "@clew/local";
import { hybrid, lexical } from "@clew/retrievers";
import { defaultCache } from "./open-dataset.js";
import { percentile } from "./percentile.js";
import { quotingModel } from "./quoting-model.js";
import { type Abort, type Held, type ResearchAborts, researchAborts, waiting } from "./research-aborts.js";
import { type ResearchFigures, researchFigures } from "./research-figures.js";
import { readFilingQuestions } from "./research-questions.js";
import { writeReport } from "./write-report.js";

/** Options of `benchmark researcher`. */
export interface ResearcherBenchmarkOptions {
  /** A folder with `queries.jsonl` (text, evidence: doc_name) and `pdfs/`. */
  readonly data: string;
  /** Points of each kind at which research is aborted, for each corpus and each way to write. */
  readonly cancels: number;
  readonly out?: string | undefined;
}

const budget = { hops: 12, tokens: 60_000, calls: 60 };
const sample = fileURLToPath(new URL("../../examples/ask/sample", import.meta.url));

/** Something to report on. */
interface Corpus {
  readonly name: string;
  readonly view: IndexView;
  readonly retriever: Retriever;
  readonly questions: readonly string[];
}

/**
 * Reports on the first filing by name and on the sample corpus (by words alone), by quotes alone and by a scripted model: citations, numbering, shares, time,
 * and how soon an abort rejects.
 */
export async function researcher({ data, cancels, out }: ResearcherBenchmarkOptions): Promise<void> {
  const all = await readFilingQuestions(data);
  const filing = all.map((one) => one.filing).sort()[0]!;
  const index = await openIndex(join(defaultCache, "researcher"), { embedder: miniLM() });
  const small = memoryIndex();
  try {
    const tenant = scope(filing);
    const synced = await index.sync(tenant, files([join(data, "pdfs", `${filing}.pdf`)]), { removeMissing: true });
    for (const { source, note } of synced.failed) console.error(`${source}: ${note.message}`);
    await small.sync(scope("sample"), files([join(sample, "wikipedia")]), { removeMissing: true });
    const asked: { question: string }[] = JSON.parse(await readFile(join(sample, "questions.json"), "utf8"));
    const corpora: readonly Corpus[] = [
      {
        name: "filing",
        ...{ view: index.in(tenant), retriever: hybrid(index.in(tenant)) },
        questions: all.filter((one) => one.filing === filing).map(({ text }) => text),
      },
      {
        name: "sample",
        ...{ view: small.in(scope("sample")), retriever: lexical(small.in(scope("sample"))) },
        questions: asked.slice(0, 3).map(({ question }) => question),
      },
    ];
    const rows: Row[] = [];
    const aborted: (ResearchAborts & { readonly corpus: string; readonly way: string })[] = [];
    for (const { name: corpus, view, retriever, questions } of corpora) {
      const textOf = (source: string): Promise<string | undefined> =>
        view.read(async (snapshot) => (await snapshot.sourceText(source))?.text);
      const ways: readonly (readonly [way: string, asked: readonly string[], (held?: Held) => ResearcherOptions])[] = [
        ["extractive", questions, (held) => ({ budget, retriever: heldBack(retriever, held) })],
        [
          "scripted",
          [questions.join(" ")],
          (held) => ({
            budget,
            retriever: heldBack(retriever, held),
            models: quotingModel(corpus, questions, held),
          }),
        ],
      ];
      for (const [way, asked, optionsOf] of ways) {
        for (const question of asked) {
          const began = performance.now();
          const report = await createResearcher(optionsOf()).research(question);
          const ms = Math.round(performance.now() - began);
          rows.push({ corpus, way, question, ms, ...(await researchFigures(report, textOf)) });
        }
        aborted.push({
          ...{ corpus, way },
          ...(await researchAborts({ optionsOf, question: asked[0]!, points: cancels })),
        });
      }
    }
    console.table(rows.map(({ question, ...row }) => ({ ...row, question: question.slice(0, 40) })));
    console.table(
      aborted.map(({ corpus, way, events, held, missed, turn, work }) => ({
        ...{ corpus, way },
        ...shown("behind events", events),
        ...shown("in a call", held),
        ...{ missed, "longest turn ms": Number(turn.toFixed(1)), "its work ms": Number(work.toFixed(1)) },
      })),
    );
    if (out !== undefined) await writeReport(out, { filing, budget, rows, aborted });
  } finally {
    await index.close();
    await small.close();
  }
}

interface Row extends ResearchFigures {
  readonly corpus: string;
  readonly way: string;
  readonly question: string;
  readonly ms: number;
}

const heldBack = (retriever: Retriever, held: Held | undefined): Retriever =>
  held === undefined ? retriever : waiting(retriever, held);

/** Aborts as a table shows them. */
const shown = (kind: string, aborts: readonly Abort[]) => ({
  [`${kind}: points`]: aborts.length,
  [`${kind}: median, most ms`]: medianAndMost(aborts.map(({ ms }) => ms)),
  [`${kind}: work ms`]: medianAndMost(aborts.map(({ work }) => work)),
});

const medianAndMost = (times: readonly number[]): string =>
  `${percentile(times, 0.5).toFixed(1)}, ${Math.max(...times).toFixed(1)}`;
