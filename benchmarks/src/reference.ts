import { scope } from "@clew/core";
import { type Analyzer, analyzer, rawAnalyzer } from "@clew/core/text";
import { type BeirDataset, evaluateRun, readBeir } from "@clew/evaluate";
import { memoryIndex } from "@clew/index";
import { beirSources } from "./beir-sources.js";
import { wholeTextSplitter } from "./whole-text-splitter.js";
import { writeReport } from "./write-report.js";

/** Options of `benchmark reference`. */
export interface ReferenceOptions {
  readonly data: readonly string[];
  readonly out?: string | undefined;
}

interface Figures {
  /** Largest difference of a score from the formula. */
  worst_difference: number;
  scores: number;
  "ndcg@10": number;
  "recall@5": number;
  mrr: number;
}

const k1 = 1.2;
const b = 0.75;

/** Holds the lexical leg against the formula, term by term over the same tokens, every query term counted. */
export async function reference({ data, out }: ReferenceOptions): Promise<void> {
  const report: Record<string, Record<string, Figures>> = {};
  for (const folder of data) {
    const dataset = await readBeir(folder);
    report[dataset.name] = {
      raw: await compare(dataset, rawAnalyzer()),
      english: await compare(dataset, analyzer()),
    };
    console.log(`\n${dataset.name}, k1 ${k1}, b ${b}, every occurrence of a query term counts`);
    console.table(report[dataset.name]);
  }
  if (out !== undefined) await writeReport(out, report);
}

async function compare(dataset: BeirDataset, analyzer: Analyzer): Promise<Figures> {
  const index = await memoryIndex({ analyzer, queryTerms: "all", splitter: wholeTextSplitter, k1, b });
  const tenant = scope("benchmark");
  await index.sync(tenant, beirSources(dataset.corpus));
  const expected = formula(dataset, analyzer);
  const run = new Map<string, string[]>();
  let worst = 0;
  let scores = 0;
  for (const { id, text } of dataset.queries) {
    const { hits } = await index.in(tenant).read((snapshot) => snapshot.lexical({ text }, { k: 100 }));
    const byId = expected(text);
    const best = [...byId.values()].sort((x, y) => y - x);
    for (const [rank, { passage, score }] of hits.entries()) {
      worst = Math.max(worst, Math.abs(score - byId.get(passage.source)!), Math.abs(score - best[rank]!));
    }
    scores += hits.length;
    run.set(
      id,
      hits.map(({ passage }) => passage.source),
    );
  }
  await index.close();
  const { means } = evaluateRun(run, dataset.qrels, ["ndcg@10", "recall@5", "mrr"]);
  return {
    worst_difference: worst,
    scores,
    "ndcg@10": means["ndcg@10"]!,
    "recall@5": means["recall@5"]!,
    mrr: means.mrr!,
  };
}

/** BM25 written out, every document for every query. */
function formula({ corpus }: BeirDataset, analyzer: Analyzer): (query: string) => Map<string, number> {
  const documents = corpus.map(({ title, text }) => analyzer.terms(`${title} ${text}`));
  const counts = documents.map((terms) => {
    const count = new Map<string, number>();
    for (const term of terms) count.set(term, (count.get(term) ?? 0) + 1);
    return count;
  });
  const holding = new Map<string, number>();
  for (const count of counts) for (const term of count.keys()) holding.set(term, (holding.get(term) ?? 0) + 1);
  const average = documents.reduce((sum, terms) => sum + terms.length, 0) / documents.length;
  return (query) => {
    const scored = new Map<string, number>();
    const terms = analyzer.terms(query);
    for (const [index, { id }] of corpus.entries()) {
      let score = 0;
      for (const term of terms) {
        const tf = counts[index]!.get(term) ?? 0;
        const df = holding.get(term) ?? 0;
        const idf = Math.log(1 + (documents.length - df + 0.5) / (df + 0.5));
        score += (idf * tf * (k1 + 1)) / (tf + k1 * (1 - b + (b * documents[index]!.length) / average));
      }
      if (score > 0) scored.set(id, score);
    }
    return scored;
  };
}
