import type {
  Answer,
  AnswerField,
  AnswerSentence,
  Evidence,
  EvidenceId,
  Note,
  PassageId,
  Plan,
  Route,
  SourceId,
  Usage,
} from "@clew/core";
import type { ApprovalRequest } from "./approval.js";

/** A hit as an event shows it: the passage's text comes with its `evidence` event. */
export interface EventHit {
  readonly evidence: EvidenceId;
  readonly passage: PassageId;
  readonly source: SourceId;
  readonly title: string;
  readonly score: number;
}

/**
 * What happens in a run, in order. A consumer that shows only `sentence` events with the verdict `supported` never
 * shows a forged citation; a higher `attempt` replaces every draft and sentence of the attempts below it.
 */
export type AgentEvent<A extends Answer = Answer> =
  /** What is done with the question: once. */
  | { readonly type: "route"; readonly route: Route }
  /** The sub-questions: when something is looked up, and again when a person has changed them. */
  | { readonly type: "plan"; readonly plan: Plan }
  /** A search begins. `hop` counts rounds of retrieval from 1. */
  | {
      readonly type: "query";
      readonly hop: number;
      readonly subQuestion: string;
      /** Name of the place that is asked; absent where there is but one without a name. */
      readonly source?: string | undefined;
      readonly query: string;
      readonly why: string;
    }
  /** A search ended; best hit first. */
  | {
      readonly type: "hits";
      readonly hop: number;
      readonly subQuestion: string;
      /** Name of the place that is asked; absent where there is but one without a name. */
      readonly source?: string | undefined;
      readonly query: string;
      readonly hits: readonly EventHit[];
    }
  /** A passage entered the ledger. */
  | { readonly type: "evidence"; readonly evidence: Evidence }
  /** A piece of the draft, unverified. */
  | { readonly type: "draft"; readonly attempt: number; readonly text: string }
  /** A sentence of the draft, verified. */
  | { readonly type: "sentence"; readonly attempt: number; readonly sentence: AnswerSentence }
  /** A leaf of an answer with a schema, verified: once each, by JSON pointer, in the order of the schema. */
  | { readonly type: "field"; readonly path: string; readonly field: AnswerField }
  /** Something was degraded, cut, skipped or stopped. */
  | { readonly type: "note"; readonly note: Note }
  /** Spent so far: after each node that spent. */
  | { readonly type: "usage"; readonly usage: Usage }
  /** A person has to decide: last, instead of `done`. Ask again with a `decision`. */
  | { readonly type: "approval"; readonly request: ApprovalRequest }
  /** The answer: once, last. */
  | { readonly type: "done"; readonly answer: A };
