import type { Citation } from "../evidence/citation.js";
import type { Evidence } from "../evidence/evidence.js";
import type { Verdict } from "../evidence/verdict.js";
import type { Trace } from "../record/trace.js";
import type { Note } from "../run/note.js";
import type { Usage } from "../run/usage.js";
import type { AnswerFields } from "./answer-field.js";

/** One sentence of an answer. */
export interface AnswerSentence {
  readonly text: string;
  readonly citations: readonly Citation[];
  readonly verdict: Verdict;
  /** What is not covered, for people; empty when supported. */
  readonly reasons: readonly string[];
}

/** One query of a run and what it brought. */
export interface HopRecord {
  /** Round of retrieval, from 1. */
  readonly hop: number;
  /** Sub-question that asked. */
  readonly subQuestion: string;
  /** Name of the place that was asked; absent where there is but one without a name. */
  readonly source?: string | undefined;
  readonly query: string;
  /** Why this query: the bridge term, the missing fact. */
  readonly why: string;
  readonly hits: number;
  /** Evidence ids it brought for the first time. */
  readonly fresh: readonly string[];
}

/** `answered`: everything asked; `partial`: a limit cut it short, or a part was not found; `abstained`: no answer. */
export type AnswerStatus = "answered" | "partial" | "abstained";

/** What a run hands back. Always: an exception is for a question that could not be asked at all. */
export interface Answer {
  readonly id: string;
  readonly question: string;
  readonly status: AnswerStatus;
  /**
   * How sure code is that the quotes answer the question, in [0, 1]; also of an answer that was withheld. Absent where
   * nothing was looked up.
   */
  readonly confidence?: number | undefined;
  /** The sentences, joined. */
  readonly text: string;
  readonly sentences: readonly AnswerSentence[];
  /** The leaves of an answer that was asked for with a schema; absent without one. */
  readonly fields?: AnswerFields | undefined;
  /** All citations, each once, in order of first use. */
  readonly citations: readonly Citation[];
  /** Everything that was looked at. */
  readonly evidence: readonly Evidence[];
  readonly hops: readonly HopRecord[];
  readonly notes: readonly Note[];
  readonly usage: Usage;
  /** The record of the run. Its `run` is `id`; read it with `openTrace`, check it with `verifyTrace`. */
  readonly trace: Trace;
}
