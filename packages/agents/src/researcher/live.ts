import type { Usage } from "@clew/core";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { assemble, referencesOf, type WrittenSection } from "./assemble.js";
import type { Outline, ReportSection } from "./report.js";
import { reportMarkdown } from "./report-markdown.js";
import type { ResearchEvent } from "./research-event.js";
import type { SectionResult } from "./research-state.js";

/**
 * What sections at work side by side know of each other while a stream is read: nodes of one step see nothing of each other's
 * updates. Absent in a graph that another one runs: then a round's sections are announced at its end.
 */
export interface Live {
  readonly results: Map<string, SectionResult>;
  /** Spent so far by each section at work. */
  readonly usage: Map<string, Usage>;
  announced: number;
}

/** Nothing known yet. */
export const newLive = (): Live => ({ results: new Map(), usage: new Map(), announced: 0 });

/** What the run's context brings along. */
export const liveOf = ({ context }: LangGraphRunnableConfig): Live | undefined =>
  (context as { readonly live?: Live | undefined } | undefined)?.live;

/** The sections that are written, from the first on, up to the first that is not. */
export function writtenOf(
  { sections }: Outline,
  resultOf: (section: string) => SectionResult | undefined,
): WrittenSection[] {
  const written: WrittenSection[] = [];
  for (const section of sections) {
    const answer = resultOf(section.id)?.answer;
    if (answer === undefined) break;
    written.push({ section, answer });
  }
  return written;
}

/**
 * Says of each section that is written, and was not said to be, that it is done. In their order: so the report so far grows at its
 * end, and its numbers, which count in order of first use, stay as they are.
 *
 * @returns how many were said to be done by now
 */
export function announce(
  outline: Outline,
  resultOf: (section: string) => SectionResult | undefined,
  announced: number,
  emit: (event: ResearchEvent) => void,
): number {
  const written = writtenOf(outline, resultOf);
  for (let count = announced + 1; count <= written.length; count++) {
    emit(sectionDone(outline.title, assemble(written.slice(0, count)).sections));
  }
  return Math.max(announced, written.length);
}

/** That the last of these sections is done, with the report so far. */
export const sectionDone = (title: string, sections: readonly ReportSection[]): ResearchEvent => ({
  type: "section-done",
  section: sections.at(-1)!,
  markdown: reportMarkdown({ title, sections, references: referencesOf(sections) }),
});
