import type { Answer, AnswerSentence, AnswerStatus } from "../agent/answer.js";
import type { Evidence } from "../evidence/evidence.js";
import type { Trace } from "../record/trace.js";
import type { Note } from "../run/note.js";
import type { Usage } from "../run/usage.js";

/** A report of several sections over one ledger, such as the researcher's. */
export interface ProvableReport {
  readonly id: string;
  readonly question: string;
  readonly title: string;
  readonly status: AnswerStatus;
  readonly sections: readonly {
    readonly heading: string;
    readonly question: string;
    readonly status: AnswerStatus;
    readonly sentences: readonly AnswerSentence[];
  }[];
  readonly evidence: readonly Evidence[];
  readonly notes: readonly Note[];
  readonly usage: Usage;
  readonly trace: Trace;
}

/** What a proof can be made of. */
export type Provable = Answer | ProvableReport;
