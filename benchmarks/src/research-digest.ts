import { join } from "node:path";
import { createResearcher, type Report } from "@clew/agents";
import { scope } from "@clew/core";
import { memoryIndex } from "@clew/index";
import { files } from "@clew/ingest";
import { lexical } from "@clew/retrievers";
import { type FilingQuestion, readFilingQuestions } from "./research-questions.js";
import { writeReport } from "./write-report.js";

/** Options of `benchmark research-digest`. */
export interface ResearchDigestOptions {
  /** A folder with `queries.jsonl` (text, answer, evidence: doc_name, page, text) and `pdfs/`. */
  readonly data: string;
  /** Most filings: the first by name. */
  readonly filings: number;
  readonly print?: boolean | undefined;
  readonly out?: string | undefined;
}

const budget = { hops: 12 };

/** Digests of quotes of each question over its filing, by words alone: how many hold a quote from a gold page, and the gold figures. */
export async function researchDigest({ data, filings, print = false, out }: ResearchDigestOptions): Promise<void> {
  const all = await readFilingQuestions(data);
  const names = [...new Set(all.map(({ filing }) => filing))].sort().slice(0, filings);
  const rows: Row[] = [];
  for (const filing of names) {
    const index = memoryIndex();
    try {
      await index.sync(scope(filing), files([join(data, "pdfs", `${filing}.pdf`)]), { removeMissing: true });
      const retriever = lexical(index.in(scope(filing)));
      for (const question of all) {
        if (question.filing !== filing) continue;
        const report = await createResearcher({ retriever, budget }).research(question.text);
        if (print)
          console.log(`${report.markdown}\nGold: ${question.answer} (pages ${question.pages.join(", ")})\n\n---\n`);
        rows.push({ half: all.indexOf(question) % 2 === 0 ? "even" : "odd", ...heldBy(report, question) });
      }
    } finally {
      await index.close();
    }
  }
  console.table(rows);
  for (const half of ["even", "odd"]) {
    const own = rows.filter((row) => row.half === half);
    const share = (of: (row: Row) => boolean): string => `${own.filter(of).length}/${own.length}`;
    const sections = own.reduce((sum, row) => sum + row.sections, 0);
    const onPage = own.reduce((sum, row) => sum + row.onPage, 0);
    console.log(
      `${half}: a quote of a gold page ${share((row) => row.page)}, in the first section ${share((row) => row.first)}; ` +
        `a gold figure quoted ${share((row) => row.figure)}; first section abstains ${share((row) => row.silent)}; ` +
        `${onPage} of ${sections} sections that say something quote a gold page`,
    );
  }
  if (out !== undefined) await writeReport(out, { names, budget, rows });
}

interface Row {
  readonly half: string;
  readonly id: string;
  readonly filing: string;
  /** Some quote is of a page that holds the answer. */
  readonly page: boolean;
  /** The same, in the first section. */
  readonly first: boolean;
  /** A quote of a gold page holds a figure of the answer that the question does not name. */
  readonly figure: boolean;
  /** The first section says nothing. */
  readonly silent: boolean;
  /** Sections that say something. */
  readonly sections: number;
  /** Of them, those that quote a gold page. */
  readonly onPage: number;
}

function heldBy({ sections }: Report, { id, filing, text, answer, pages }: FilingQuestion): Omit<Row, "half"> {
  const cited = sections.map(({ status, sentences, repeats }) =>
    status === "abstained" ? [] : [...sentences, ...repeats].flatMap(({ citations }) => citations),
  );
  const isGold = ({ page }: { readonly page?: number | undefined }): boolean =>
    page !== undefined && pages.includes(page);
  const asked = new Set(figuresOf(text));
  const figures = figuresOf(answer).filter((figure) => !asked.has(figure));
  return {
    ...{ id, filing: filing.slice(0, 16) },
    page: cited.some((citations) => citations.some(isGold)),
    first: cited[0]?.some(isGold) ?? false,
    figure: cited
      .flat()
      .some((citation) => isGold(citation) && figuresOf(citation.quote).some((one) => figures.includes(one))),
    silent: sections[0]?.status === "abstained",
    sections: cited.filter((citations) => citations.length > 0).length,
    onPage: cited.filter((citations) => citations.some(isGold)).length,
  };
}

/** Numbers of a text without their separators and trailing zeros: `1,577` and `1577.00` are the same. */
const figuresOf = (text: string): string[] =>
  (text.match(/\d[\d,]*(?:\.\d+)?/g) ?? []).map((one) => String(Number(one.replaceAll(",", ""))));
