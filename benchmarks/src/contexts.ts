import { type Embedder, type IndexView, invalidOption, type Retriever, scope } from "@clew/core";
import { splitter } from "@clew/core/text";
import { evaluateRun, type MetricName, readBeir } from "@clew/evaluate";
import { memoryIndex } from "@clew/index";
import { type ContextRule, enriched } from "@clew/ingest";
import { miniLM } from "@clew/local";
import { hybrid, lexical, naive } from "@clew/retrievers";
import { beirSources } from "./beir-sources.js";
import { writeReport } from "./write-report.js";

/** Options of `benchmark contexts`. */
export interface ContextsOptions {
  readonly data: readonly string[];
  readonly retrievers: readonly string[];
  /** Tokens of a passage: short ones, since documents of one passage need no context. */
  readonly tokens: number;
  readonly variants: readonly string[];
  readonly out?: string | undefined;
}

const metrics: readonly MetricName[] = ["ndcg@10", "recall@5", "recall@100"];
const makers: Readonly<Record<string, (view: IndexView) => Retriever>> = { lexical, dense: naive, hybrid };
const variants: Readonly<Record<string, readonly ContextRule[]>> = {
  none: [],
  title: ["title"],
  position: ["position"],
  lead: ["lead"],
  "title+lead": ["title", "lead"],
  "title+headings+position": ["title", "headings", "position"],
};

/** What contexts by rules do for finding documents by their passages. */
export async function contexts({ data, retrievers, tokens, variants: wanted, out }: ContextsOptions): Promise<void> {
  for (const name of retrievers) {
    if (!Object.hasOwn(makers, name)) throw invalidOption("retrievers", `of ${Object.keys(makers).join(", ")}`, name);
  }
  for (const name of wanted) {
    if (!Object.hasOwn(variants, name)) throw invalidOption("variants", `of ${Object.keys(variants).join(", ")}`, name);
  }
  const embedder: Embedder | undefined = retrievers.some((name) => name !== "lexical") ? miniLM() : undefined;
  const report: Record<string, Record<string, Record<string, number>>> = {};
  const tenant = scope("benchmark");
  for (const folder of data) {
    const dataset = await readBeir(folder);
    const figures: Record<string, Record<string, number>> = {};
    for (const name of wanted) {
      const cut = splitter({ tokens, overlap: 0 });
      const rules = variants[name]!;
      const index = memoryIndex({ embedder, splitter: rules.length === 0 ? cut : enriched(cut, { rules }) });
      await index.sync(tenant, beirSources(dataset.corpus));
      for (const kind of retrievers) {
        const retriever = makers[kind]!(index.in(tenant));
        const run = new Map<string, readonly string[]>();
        for (const { id, text } of dataset.queries) {
          const { hits } = await retriever.search(text, { k: 300 });
          run.set(id, [...new Set(hits.map(({ passage }) => passage.source))].slice(0, 100));
        }
        figures[`${kind}, ${name}`] = evaluateRun(run, dataset.qrels, metrics).means;
      }
      await index.close();
    }
    report[dataset.name] = figures;
    console.log(`\n${dataset.name}: documents by their best passage of ${tokens} tokens`);
    console.table(
      Object.fromEntries(
        Object.entries(figures).map(([name, values]) => [
          name,
          Object.fromEntries(Object.entries(values).map(([metric, value]) => [metric, Number(value.toFixed(4))])),
        ]),
      ),
    );
  }
  await embedder?.close();
  if (out !== undefined) await writeReport(out, report);
}
