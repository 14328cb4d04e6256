import type { Note, Usage } from "@clew/core";
import type { AgentEvent } from "../agent-event.js";
import type { Outline, Report, ReportSection } from "./report.js";

/** What happens while a report is made, in order; sections work side by side, so theirs are interleaved. */
export type ResearchEvent<R extends Report = Report> =
  /** What the report is to say: once. */
  | { readonly type: "outline"; readonly outline: Outline }
  /** What happens within a section. Its evidence ids are the section's own until the section is done. */
  | {
      readonly type: "section";
      readonly section: string;
      readonly event: Exclude<AgentEvent, { readonly type: "done" | "approval" | "usage" }>;
    }
  /** A section is written: once each. `markdown` is the report so far, numbered as it will stay. */
  | { readonly type: "section-done"; readonly section: ReportSection; readonly markdown: string }
  /** Something was degraded, cut or skipped outside of any section. */
  | { readonly type: "note"; readonly note: Note }
  /** Spent so far, over all sections. */
  | { readonly type: "usage"; readonly usage: Usage }
  /** The report: once, last. */
  | { readonly type: "done"; readonly report: R };
