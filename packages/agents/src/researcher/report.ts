import type { Answer, AnswerSentence, Citation, Evidence, Note, SourceId, Trace, Usage } from "@clew/core";

/** A section as the outline has it. */
export interface OutlineSection {
  /** `s1`, `s2`, … */
  readonly id: string;
  readonly heading: string;
  /** What the section answers; it stands on its own. */
  readonly question: string;
}

/** What a report is to say, before anything is looked up. */
export interface Outline {
  readonly title: string;
  readonly sections: readonly OutlineSection[];
}

/** A source of the bibliography. */
export interface Reference {
  /** As it stands in the text, from 1: `[1]`. One numbering over all sections, in order of first use. */
  readonly number: number;
  readonly source: SourceId;
  readonly title: string;
  readonly uri?: string | undefined;
  /** Its quotes, each once, in order of first use. */
  readonly citations: readonly Citation[];
}

/** What a section would have said again: an earlier one has it. */
export interface SectionReference {
  /** Id of the section that says it. */
  readonly section: string;
  /** What is quoted there. */
  readonly citations: readonly Citation[];
}

/** A section as it was written. */
export interface ReportSection extends OutlineSection {
  readonly status: Answer["status"];
  /** Evidence ids are those of the report's ledger. What an earlier section says is not here again: see `repeats`. */
  readonly sentences: readonly AnswerSentence[];
  /** Sentences that were left out because an earlier section has them, by that section, in order. */
  readonly repeats: readonly SectionReference[];
  /** Why it says nothing, in one sentence; absent unless it abstains. */
  readonly abstention?: string | undefined;
  readonly notes: readonly Note[];
  readonly usage: Usage;
}

/** What research hands back. */
export interface Report {
  readonly id: string;
  readonly question: string;
  readonly title: string;
  /** `answered`: every section; `abstained`: none; `partial`: between. */
  readonly status: Answer["status"];
  readonly sections: readonly ReportSection[];
  /** The bibliography, in order of number. */
  readonly references: readonly Reference[];
  /** The ledger that all sections share. */
  readonly evidence: readonly Evidence[];
  /** The whole as Markdown, citations numbered, the bibliography at its end. */
  readonly markdown: string;
  readonly notes: readonly Note[];
  readonly usage: Usage;
  /** Holds the traces of the sections by their roots. */
  readonly trace: Trace;
}
