import type {
  Answer,
  AnswerFields,
  AnswerSentence,
  Budget,
  EvidenceRecord,
  Filter,
  Grade,
  HopRecord,
  JournalEntry,
  MeterState,
  Note,
  ObjectForm,
  Passage,
  Plan,
  Route,
  SourceId,
  Turn,
} from "@clew/core";
import { Annotation } from "@langchain/langgraph";

/** What one run was asked beside its question. */
export interface RunOptions {
  /** Limits of this run, over those of the agent. */
  readonly budget?: Budget | undefined;
  /** Only passages that match are evidence. */
  readonly filter?: Filter | undefined;
  /** Hits of each search. */
  readonly k?: number | undefined;
  /** Earlier turns, instead of those of the thread. */
  readonly conversation?: readonly Turn[] | undefined;
  /** What the answer must fill in, as `formOf` reads it from a schema. */
  readonly form?: ObjectForm | undefined;
}

/** A search that is to be made in the next round. */
export interface NextQuery {
  readonly subQuestion: string;
  /** Name of the place to look in; absent where there is but one without a name. */
  readonly source?: string | undefined;
  readonly query: string;
  readonly why: string;
}

/** One attempt at an answer, verified sentence by sentence. */
export interface Attempt {
  readonly sentences: readonly AnswerSentence[];
  /** Whether its writer was cut off before the end. */
  readonly cut: boolean;
  /** How sure its writer was; absent where it did not say. */
  readonly confidence?: number | undefined;
}

/** Why a run stopped looking before everything was found. */
export type StopReason = "nothing-new" | "repeated-query" | "nothing-to-try" | "budget" | "step-limit";

/**
 * The state of a run: plain JSON, so that any checkpointer keeps it. Evidence is a list of records; the passages' texts
 * lie once, in `passages`. `question` and `options` are the input, `answer` is the output, the rest is the graph's own.
 */
export const runState = Annotation.Root({
  question: Annotation<string>(),
  options: Annotation<RunOptions>(),
  /** Key of the scope that began the thread: no other one goes on with it. */
  owner: Annotation<string>(),
  /** Identity of the run, and of its answer. */
  run: Annotation<string>(),
  /** Earlier turns of the thread. */
  conversation: Annotation<readonly Turn[]>(),
  /** Sources that the conversation may repeat: those that earlier runs of the thread saw; `any` where one was brought along. */
  heard: Annotation<readonly SourceId[] | "any">(),
  routed: Annotation<Route | null>(),
  planned: Annotation<Plan>(),
  passages: Annotation<Readonly<Record<string, Passage>>>(),
  evidence: Annotation<readonly EvidenceRecord[]>(),
  grades: Annotation<readonly Grade[]>(),
  hops: Annotation<readonly HopRecord[]>(),
  /** Searches of the next round; none ends the looking. */
  queries: Annotation<readonly NextQuery[]>(),
  /** `rejected`: a person did not approve. */
  stopped: Annotation<StopReason | "rejected" | null>(),
  attempts: Annotation<readonly Attempt[]>(),
  /** The fields of the form, when it was filled in. */
  fields: Annotation<AnswerFields | null>(),
  /** Whether the last attempt is to be written again. */
  repairing: Annotation<boolean>(),
  notes: Annotation<readonly Note[]>(),
  spent: Annotation<MeterState | null>(),
  trace: Annotation<readonly JournalEntry[]>(),
  answer: Annotation<Answer | null>(),
});

/** The state as a node sees it. */
export type RunState = typeof runState.State;

/** What a node hands back. */
export type RunUpdate = Partial<RunState>;

/** A run that has not begun: every key but the input, the owner, the conversation and what it may repeat. */
export const freshRun: RunUpdate = {
  routed: null,
  planned: { subQuestions: [] },
  passages: {},
  evidence: [],
  grades: [],
  hops: [],
  queries: [],
  stopped: null,
  attempts: [],
  fields: null,
  repairing: false,
  notes: [],
  spent: null,
  trace: [],
  answer: null,
};
