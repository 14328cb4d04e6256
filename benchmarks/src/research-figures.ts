import type { Report } from "@clew/agents";
import { type Budget, openTrace } from "@clew/core";

/** What a report is held against. */
export interface ResearchFigures {
  readonly status: string;
  readonly sections: number;
  readonly abstained: number;
  readonly citations: number;
  /** Share of the citations that are their source's text at their span; 1 where there are none. */
  readonly verbatim: number;
  readonly references: number;
  readonly numbered_in_order: boolean;
  readonly shares_kept: boolean;
  readonly evidence: number;
  readonly tokens: number;
  readonly calls: number;
}

/** Holds a report's citations against the sources' texts, its marks against its bibliography, and its sections against their shares. */
export async function researchFigures(
  report: Report,
  textOf: (source: string) => Promise<string | undefined>,
): Promise<ResearchFigures> {
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
