import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { createResearcher, type Report, type ResearcherOptions } from "@clew/agents";
import { type Budget, openTrace, scope } from "@clew/core";
import { openIndex } from "@clew/index";
import { files } from "@clew/ingest";
import { miniLM } from "@clew/local";
import { hybrid } from "@clew/retrievers";
import { defaultCache } from "./open-dataset.js";
import { percentile } from "./percentile.js";
import { quotingModel } from "./quoting-model.js";
import { writeReport } from "./write-report.js";

/** Options of `benchmark researcher`. */
export interface ResearcherBenchmarkOptions {
  /** A folder with `queries.jsonl` (text, evidence: doc_name) and `pdfs/`. */
  readonly data: string;
  /** Points at which research is aborted, spread over the time that it takes. */
  readonly cancels: number;
  readonly out?: string | undefined;
}

interface Question {
  readonly text: string;
  readonly evidence: readonly { readonly doc_name: string }[];
}

const budget = { hops: 12, tokens: 60_000, calls: 60 };

/** Reports on the first filing by name, by quotes alone and by a scripted model: citations, numbering, shares, time, and how soon an abort rejects. */
export async function researcher({ data, cancels, out }: ResearcherBenchmarkOptions): Promise<void> {
  const lines = (await readFile(join(data, "queries.jsonl"), "utf8")).split("\n").filter((line) => line.trim() !== "");
  const all = lines.map((line): Question => JSON.parse(line));
  const filing = all.flatMap(({ evidence }) => evidence.map(({ doc_name }) => doc_name)).sort()[0]!;
  const questions = all.filter(({ evidence }) => evidence.some(({ doc_name }) => doc_name === filing));
  const asked = questions.map(({ text }) => text);
  const index = await openIndex(join(defaultCache, "researcher"), { embedder: miniLM() });
  const tenant = scope("benchmark");
  try {
    const synced = await index.sync(tenant, files([join(data, "pdfs", `${filing}.pdf`)]), { removeMissing: true });
    for (const { source, note } of synced.failed) console.error(`${source}: ${note.message}`);
    const view = index.in(tenant);
    const textOf = (source: string): Promise<string | undefined> =>
      view.read(async (snapshot) => (await snapshot.sourceText(source))?.text);
    const shared: ResearcherOptions = { retriever: hybrid(view), budget };
    const ways: readonly (readonly [name: string, question: string, options: ResearcherOptions])[] = [
      ...asked.map((question): [string, string, ResearcherOptions] => ["extractive", question, shared]),
      ["scripted", asked.join(" "), { ...shared, models: quotingModel(filing, asked) }],
    ];
    const rows: Row[] = [];
    for (const [way, question, options] of ways) {
      const began = performance.now();
      const report = await createResearcher(options).research(question);
      rows.push({ way, question, ms: Math.round(performance.now() - began), ...(await figuresOf(report, textOf)) });
    }
    console.table(rows.map(({ question, ...row }) => ({ ...row, question: question.slice(0, 40) })));
    // the first report read the index in; aborts are spread over a run that finds it read
    const began = performance.now();
    await createResearcher(shared).research(asked[0]!);
    const aborts = await abortsOf(shared, asked[0]!, performance.now() - began, cancels);
    console.log(
      `${aborts.length} aborts: rejected after ${percentile(aborts, 0.5).toFixed(1)} ms in the median, ${Math.max(...aborts).toFixed(1)} ms at most`,
    );
    if (out !== undefined) await writeReport(out, { filing, budget, rows, aborts });
  } finally {
    await index.close();
  }
}

interface Figures {
  readonly status: string;
  readonly sections: number;
  readonly abstained: number;
  readonly citations: number;
  readonly verbatim: number;
  readonly references: number;
  readonly numbered_in_order: boolean;
  readonly shares_kept: boolean;
  readonly evidence: number;
  readonly tokens: number;
  readonly calls: number;
}

interface Row extends Figures {
  readonly way: string;
  readonly question: string;
  readonly ms: number;
}

async function figuresOf(report: Report, textOf: (source: string) => Promise<string | undefined>): Promise<Figures> {
  const citations = report.sections.flatMap(({ sentences }) => sentences.flatMap((sentence) => sentence.citations));
  let verbatim = 0;
  for (const { source, span, quote } of citations) {
    if ((await textOf(source))?.slice(...span) === quote) verbatim += 1;
  }
  const [text = ""] = report.markdown.split("\n## Sources\n");
  const marks = [...new Set([...text.matchAll(/(?<!\\)\[(\d+)\]/g)].map(([, mark]) => Number(mark)))];
  const entries = openTrace(report.trace);
  const kept = entries
    .filter(({ kind }) => kind === "share")
    .every(({ data }) => {
      const { section, budget: share } = data as unknown as { section: string; budget: Budget };
      const { usage } = report.sections.find(({ id }) => id === section)!;
      const end = entries.find(
        ({ kind, data: one }) => kind === "section" && (one as { section: string }).section === section,
      );
      const { hops } = end!.data as unknown as { hops: number };
      const { tokens = Infinity, calls = Infinity, hops: most = Infinity } = share;
      return usage.inputTokens + usage.outputTokens <= tokens && usage.calls <= calls && hops <= most;
    });
  return {
    status: report.status,
    sections: report.sections.length,
    abstained: report.sections.filter(({ status }) => status === "abstained").length,
    citations: citations.length,
    verbatim: citations.length === 0 ? 1 : verbatim / citations.length,
    references: report.references.length,
    numbered_in_order: marks.join() === report.references.map(({ number }) => number).join(),
    shares_kept: kept,
    evidence: report.evidence.length,
    tokens: report.usage.inputTokens + report.usage.outputTokens,
    calls: report.usage.calls,
  };
}

/** Milliseconds from each abort to the rejection. */
async function abortsOf(options: ResearcherOptions, question: string, ms: number, points: number): Promise<number[]> {
  const taken: number[] = [];
  for (let point = 0; point < points; point++) {
    const leaving = new AbortController();
    let at = 0;
    const timer = setTimeout(
      () => {
        at = performance.now();
        leaving.abort(new Error("left"));
      },
      (ms * (point + 0.5)) / points,
    );
    try {
      await createResearcher(options).research(question, { signal: leaving.signal });
    } catch (error) {
      if (!leaving.signal.aborted) throw error;
      taken.push(performance.now() - at);
    } finally {
      clearTimeout(timer);
    }
  }
  return taken;
}
