import type { Answer } from "@clew/core";
import type { AgentEvent } from "../agent-event.js";
import type { ApprovalRequest } from "../approval.js";
import type { RetrievalGraph } from "./build-graph.js";
import type { RunOptions } from "./run-state.js";

/** A run that was broken off, or that waits for a person. */
export interface UnfinishedRun {
  readonly question: string;
  readonly options: RunOptions;
  /** What it waits for; absent: for nothing, it was broken off. */
  readonly pending?: ApprovalRequest | undefined;
}

/** The unfinished run of a thread; undefined where there is none. */
export async function unfinishedRun(graph: RetrievalGraph, thread: string): Promise<UnfinishedRun | undefined> {
  const { tasks, values } = await graph.getState({ configurable: { thread_id: thread } });
  // not `next`, which leaves out a node whose update is kept while the checkpoint behind it is not
  if (tasks.length === 0) return undefined;
  const pending = tasks.flatMap(({ interrupts }) => interrupts)[0]?.value as ApprovalRequest | undefined;
  return { question: values.question, options: values.options ?? {}, pending };
}

/** Whether a question with these options is the one that the run was broken off at. */
export const isSameQuestion = (run: UnfinishedRun, question: string, options: RunOptions): boolean =>
  run.question === question && JSON.stringify(run.options) === JSON.stringify(options);

/**
 * The last event of a run that ended without saying so: it waits for a person, or it was broken off when its answer was
 * on disk and nothing was left to do.
 */
export async function lastEvent(graph: RetrievalGraph, thread: string): Promise<AgentEvent | undefined> {
  const pending = (await unfinishedRun(graph, thread))?.pending;
  if (pending !== undefined) return { type: "approval", request: pending };
  const { values } = await graph.getState({ configurable: { thread_id: thread } });
  const answer = values.answer as Answer | null | undefined;
  return answer === null || answer === undefined ? undefined : { type: "done", answer };
}
