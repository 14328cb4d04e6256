import type { Answer, AnswerSentence, AnswerStatus } from "../agent/answer.js";
import type { Citation } from "../evidence/citation.js";
import type { Evidence } from "../evidence/evidence.js";
import type { Trace } from "../record/trace.js";
import type { Note } from "../run/note.js";
import type { Usage } from "../run/usage.js";

/** A section of such a report. */
export interface ProvableSection {
  /** By which `repeats` of later sections name it. */
  readonly id?: string | undefined;
  readonly heading: string;
  readonly question: string;
  readonly status: AnswerStatus;
  readonly sentences: readonly AnswerSentence[];
  /** What it would have said again: an earlier section, by its id, has it. */
  readonly repeats?: readonly { readonly section: string; readonly citations: readonly Citation[] }[] | undefined;
  /** Why it says nothing, in one sentence. */
  readonly abstention?: string | undefined;
}

/** A report of several sections over one ledger, such as the researcher's. */
export interface ProvableReport {
  readonly id: string;
  readonly question: string;
  readonly title: string;
  readonly status: AnswerStatus;
  readonly sections: readonly ProvableSection[];
  readonly evidence: readonly Evidence[];
  readonly notes: readonly Note[];
  readonly usage: Usage;
  readonly trace: Trace;
}

/** What a proof can be made of. */
export type Provable = Answer | ProvableReport;
