import type { DraftCitation } from "../evidence/citation.js";
import type { Evidence, EvidenceId } from "../evidence/evidence.js";
import type { JsonObject } from "../json.js";
import type { Call } from "../run/call.js";
import type { Note } from "../run/note.js";
import type { AnswerSentence, HopRecord } from "./answer.js";
import type { FieldValue, ObjectForm } from "./form.js";
import type { ServedModel } from "./model-source.js";

/** One exchange of the conversation so far. */
export interface Turn {
  readonly question: string;
  readonly answer: string;
}

/** A place to look, as a planner sees it. */
export interface SourceDescription {
  readonly name: string;
  /** What is in it, in one sentence. */
  readonly about: string;
}

/** A part of the question that can be looked up on its own. */
export interface SubQuestion {
  /** `q1`, `q2`, … */
  readonly id: string;
  readonly question: string;
  /** Ids of sub-questions whose answers it needs; never a cycle. */
  readonly dependsOn: readonly string[];
  /** Name of the place to look in; absent: all of them. */
  readonly source?: string | undefined;
}

/** A query that is to be made next. */
export interface Follow {
  readonly query: string;
  readonly why: string;
  /** Name of the place to look in; absent: all of them. */
  readonly source?: string | undefined;
}

/** What to do with a question. */
export type Route =
  /** Look it up; `question` stands on its own, follow-ups resolved against the conversation. */
  | { readonly kind: "retrieve"; readonly question: string; readonly why: string }
  /** Say it from the conversation; nothing is claimed of the corpus. */
  | { readonly kind: "converse"; readonly text: string; readonly why: string }
  /** Ask the user back. */
  | { readonly kind: "clarify"; readonly text: string; readonly why: string }
  /** The corpus cannot cover it. */
  | { readonly kind: "decline"; readonly text: string; readonly why: string };

/** Sub-questions with their dependencies. */
export interface Plan {
  readonly subQuestions: readonly SubQuestion[];
}

/** How far a sub-question is. */
export type Grade =
  | {
      readonly subQuestion: string;
      readonly kind: "answered";
      readonly evidence: readonly EvidenceId[];
      readonly answer?: string | undefined;
    }
  | {
      readonly subQuestion: string;
      readonly kind: "missing";
      readonly missing: string;
      readonly next?: Follow | undefined;
      /** Further queries for the same round, best first. */
      readonly also?: readonly Follow[] | undefined;
    };

/** What a policy knows when it decides. Plain data. */
export interface PolicyState {
  readonly question: string;
  readonly conversation: readonly Turn[];
  /** The places that there are to look in; none where there is but one without a name. */
  readonly sources: readonly SourceDescription[];
  readonly plan: Plan;
  readonly evidence: readonly Evidence[];
  readonly grades: readonly Grade[];
  readonly hops: readonly HopRecord[];
  /** What the answer must fill in; absent: it is written in sentences. */
  readonly form?: ObjectForm | undefined;
}

/** What a writer yields: the draft token by token, and each finished sentence. */
export type DraftEvent =
  | { readonly type: "delta"; readonly text: string }
  | { readonly type: "sentence"; readonly text: string; readonly citations: readonly DraftCitation[] }
  | { readonly type: "note"; readonly note: Note }
  /** How sure the writer is that its draft answers the question, in [0, 1], with what tells so. */
  | { readonly type: "confidence"; readonly value: number; readonly features: Readonly<Record<string, number>> };

/** A value for one leaf of a form, not yet verified. */
export interface FieldDraft {
  /** JSON pointer of the leaf: `/revenue`, `/segments/0/name`. */
  readonly path: string;
  readonly value: FieldValue;
  readonly citations: readonly DraftCitation[];
}

/** A value that verification refused. */
export interface RefusedField extends FieldDraft {
  readonly reasons: readonly string[];
}

/** What filling a form in yields; leaves that are not found are left out. */
export type ExtractEvent =
  | { readonly type: "field"; readonly field: FieldDraft }
  | { readonly type: "note"; readonly note: Note };

/** A {@link Call} through which a policy gets its models; there is no other way to one. */
export interface PolicyCall extends Call {
  /**
   * The model for a role, as the record keeps it.
   *
   * @param own chooses it, for a policy that brings models of its own. @default the agent's choice
   */
  model(role: string, own?: () => Promise<ServedModel>): Promise<ServedModel>;
  /** Whether the user has named a model for exactly this role: such as a judge, which nobody gets unasked. @default false */
  names?(role: string): boolean;
  /** Leaves a note in the answer: for decisions, which return nothing but themselves. Absent: nobody keeps notes. */
  note?(note: Note): Promise<void>;
}

/** What a judge finds of a sentence and its quotes. */
export type Judgement = "supported" | "unsupported" | "undetermined";

/** What decides in the agent graph. It sees evidence and returns data; it never searches, spends or verifies by itself. */
export interface Policy {
  readonly id: string;
  /** Changes whenever its decisions may. */
  readonly version: string;
  /**
   * Ids of the chat models that it brings itself, for a budget of usd to look up; empty where it chooses them at each call.
   * Absent: it brings none, and asks those of its {@link PolicyCall} if any.
   */
  readonly models?: readonly string[] | undefined;
  /** The options that it was made with, as plain JSON, for the record. Absent: a replay has to be given the policy itself. */
  readonly settings?: JsonObject | undefined;
  route(state: PolicyState, call: PolicyCall): Promise<Route>;
  plan(state: PolicyState, call: PolicyCall): Promise<Plan>;
  /** Grades every sub-question of the plan. */
  grade(state: PolicyState, call: PolicyCall): Promise<readonly Grade[]>;
  write(state: PolicyState, call: PolicyCall): AsyncIterable<DraftEvent>;
  /** Writes again, given what verification found. Absent: no repair. */
  repair?(state: PolicyState, verified: readonly AnswerSentence[], call: PolicyCall): AsyncIterable<DraftEvent>;
  /**
   * Fills in the form of the state, or, given what verification refused, these leaves once more. Absent: code looks the values up.
   */
  extract?(state: PolicyState, refused: readonly RefusedField[], call: PolicyCall): AsyncIterable<ExtractEvent>;
  /**
   * Decides entailment where code cannot: one judgement for each of the sentences, in their order. It can only take away:
   * code has found each of them supported. Absent: code alone decides.
   */
  judge?(sentences: readonly AnswerSentence[], state: PolicyState, call: PolicyCall): Promise<readonly Judgement[]>;
}
