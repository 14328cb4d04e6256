import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createRetrievalAgent } from "@clew/agents";
import { scope } from "@clew/core";
import { openIndex } from "@clew/index";
import { files } from "@clew/ingest";
import { miniLM } from "@clew/local";
import { hybrid } from "@clew/retrievers";
import { defaultCache } from "./open-dataset.js";
import { writeReport } from "./write-report.js";

/** Options of `benchmark pages`. */
export interface PagesOptions {
  /** A folder with `queries.jsonl` (text, answer, evidence: doc_name and page from 1) and `pdfs/`. */
  readonly data: string;
  readonly out?: string | undefined;
}

interface Question {
  readonly _id: string;
  readonly text: string;
  readonly evidence: readonly { readonly doc_name: string; readonly page: number }[];
}

/** What became of one question. */
interface Row {
  readonly id: string;
  readonly cited_gold: boolean;
  readonly cited_document: boolean;
  readonly in_evidence: boolean;
  /** Rank of the first gold page in a plain search for the question; null beyond 20. */
  readonly first_search_rank: number | null;
  readonly status: string;
  readonly gold: string;
  readonly cited: string;
  readonly question: string;
}

/** Share of questions over PDFs whose citations include a gold page, and how far retrieval alone had it. */
export async function pages({ data, out }: PagesOptions): Promise<void> {
  const lines = (await readFile(join(data, "queries.jsonl"), "utf8")).split("\n").filter((line) => line.trim() !== "");
  const questions = lines.map((line): Question => JSON.parse(line));
  const embedder = miniLM();
  const index = await openIndex(join(defaultCache, "pages"), { embedder });
  const tenant = scope("benchmark");
  const report = await index.sync(tenant, files([join(data, "pdfs")]), { removeMissing: true });
  for (const { source, note } of report.failed) console.error(`${source}: ${note.message}`);
  const retriever = hybrid(index.in(tenant));
  const agent = createRetrievalAgent({ retriever });
  const rows: Row[] = [];
  for (const question of questions) {
    const gold = new Set(question.evidence.map(({ doc_name, page }) => `${doc_name}#${page}`));
    const place = (source: string, page: number | undefined): string =>
      `${source.replace(/^.*\/|\.pdf$/g, "")}#${page}`;
    const answer = await agent.ask(question.text);
    const { hits } = await retriever.search(question.text, { k: 20 });
    const rank = hits.findIndex(({ passage }) => gold.has(place(passage.source, passage.page)));
    const cited = answer.citations.map(({ source, page }) => place(source, page));
    const gathered = answer.evidence.some(({ passage }) => gold.has(place(passage.source, passage.page)));
    rows.push({
      id: question._id,
      cited_gold: cited.some((one) => gold.has(one)),
      cited_document: cited.some((one) => [...gold].some((page) => page.split("#")[0] === one.split("#")[0])),
      in_evidence: gathered,
      first_search_rank: rank < 0 ? null : rank + 1,
      status: answer.status,
      gold: [...gold].join(" "),
      cited: cited.join(" "),
      question: question.text,
    });
  }
  await index.close();
  await embedder.close();
  const share = (holds: (row: Row) => boolean): number => rows.filter(holds).length / rows.length;
  console.table(rows.map(({ question, cited, ...row }) => ({ ...row, question: question.slice(0, 60) })));
  const summary = {
    questions: rows.length,
    cited_gold_page: share(({ cited_gold }) => cited_gold),
    cited_gold_document: share(({ cited_document }) => cited_document),
    gold_page_in_evidence: share(({ in_evidence }) => in_evidence),
  };
  console.log(summary);
  if (out !== undefined) await writeReport(out, { summary, rows });
}
