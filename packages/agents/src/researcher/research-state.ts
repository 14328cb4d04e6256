import type { Answer, Budget, JournalEntry, MeterState, Note } from "@clew/core";
import { Annotation } from "@langchain/langgraph";
import type { RunOptions } from "../graph/run-state.js";
import type { Outline, Report } from "./report.js";

/** What a section's run handed back, and what it took. */
export interface SectionResult {
  readonly section: string;
  readonly answer: Answer;
  readonly hops: number;
  /** Milliseconds, over all processes that worked on it. */
  readonly ms: number;
}

/** What one research was asked beside its question. */
export type ResearchRunOptions = Pick<RunOptions, "budget" | "filter" | "k">;

type Results = Readonly<Record<string, SectionResult>>;

/**
 * The state of research: plain JSON, so that any checkpointer keeps it. `question` and `options` are the input, `report` is the
 * output, the rest is the graph's own.
 */
export const researchState = Annotation.Root({
  question: Annotation<string>(),
  options: Annotation<ResearchRunOptions>(),
  /** Key of the scope that began the thread: no other one goes on with it. */
  owner: Annotation<string>(),
  /** Identity of the research, and of its report. */
  run: Annotation<string>(),
  outlined: Annotation<Outline | null>(),
  /** What each section that has begun may spend. */
  shares: Annotation<Readonly<Record<string, Budget>>>(),
  /** Sections at work in this round. */
  working: Annotation<readonly string[]>(),
  /** By section; null empties it. */
  results: Annotation<Results, Results | null>({
    reducer: (before, added) => (added === null ? {} : { ...before, ...added }),
    default: () => ({}),
  }),
  /** How many sections were said to be done, in their order. */
  announced: Annotation<number>(),
  notes: Annotation<readonly Note[]>(),
  spent: Annotation<MeterState | null>(),
  trace: Annotation<readonly JournalEntry[]>(),
  report: Annotation<Report | null>(),
});

/** The state as a node sees it. */
export type ResearchState = typeof researchState.State;

/** What a node hands back. */
export type ResearchUpdate = typeof researchState.Update;

/** Research that has not begun: every key but the input and the owner. */
export const freshResearch: ResearchUpdate = {
  outlined: null,
  shares: {},
  working: [],
  results: null,
  announced: 0,
  notes: [],
  spent: null,
  trace: [],
  report: null,
};
