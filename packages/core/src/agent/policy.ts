import type { DraftCitation } from "../evidence/citation.js";
import type { Evidence, EvidenceId } from "../evidence/evidence.js";
import type { Call } from "../run/call.js";
import type { Note } from "../run/note.js";
import type { AnswerSentence, HopRecord } from "./answer.js";
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
  /** Name of the place to look in; absent: the only one. */
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
      readonly next?: { readonly query: string; readonly why: string } | undefined;
      /** Further queries for the same round, best first. */
      readonly also?: readonly { readonly query: string; readonly why: string }[] | undefined;
    };

/** What a policy knows when it decides. Plain data. */
export interface PolicyState {
  readonly question: string;
  readonly conversation: readonly Turn[];
  readonly sources: readonly SourceDescription[];
  readonly plan: Plan;
  readonly evidence: readonly Evidence[];
  readonly grades: readonly Grade[];
  readonly hops: readonly HopRecord[];
}

/** What a writer yields: the draft token by token, and each finished sentence. */
export type DraftEvent =
  | { readonly type: "delta"; readonly text: string }
  | { readonly type: "sentence"; readonly text: string; readonly citations: readonly DraftCitation[] }
  | { readonly type: "note"; readonly note: Note };

/** A {@link Call} through which a policy gets its models; there is no other way to one. */
export interface PolicyCall extends Call {
  model(role: string): Promise<ServedModel>;
  /** Leaves a note in the answer: for decisions, which return nothing but themselves. Absent: nobody keeps notes. */
  note?(note: Note): Promise<void>;
}

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
  route(state: PolicyState, call: PolicyCall): Promise<Route>;
  plan(state: PolicyState, call: PolicyCall): Promise<Plan>;
  /** Grades every sub-question of the plan. */
  grade(state: PolicyState, call: PolicyCall): Promise<readonly Grade[]>;
  write(state: PolicyState, call: PolicyCall): AsyncIterable<DraftEvent>;
  /** Writes again, given what verification found. Absent: no repair. */
  repair?(state: PolicyState, verified: readonly AnswerSentence[], call: PolicyCall): AsyncIterable<DraftEvent>;
  /** Decides entailment where code cannot. Absent: code alone decides. */
  judge?(sentence: AnswerSentence, call: PolicyCall): Promise<"supported" | "unsupported" | "undetermined">;
}
