import { invalidOption } from "@clew/core";
import { Command } from "@langchain/langgraph";
import { type ApprovalDecision, checkDecision } from "../approval.js";
import type { RetrievalGraph } from "./build-graph.js";
import type { RunOptions, RunUpdate } from "./run-state.js";
import { isSameQuestion, unfinishedRun } from "./unfinished-run.js";

/** What is asked in a thread. */
export interface ThreadInputOptions {
  readonly question: string;
  readonly run: RunOptions;
  readonly decision?: ApprovalDecision | undefined;
}

/**
 * What a thread's graph is given: the question, nothing where it was broken off at it, or what a person decided.
 *
 * @throws ClewError `invalid-option` for a decision that nobody waits for
 */
export async function threadInput(graph: RetrievalGraph, key: string, { question, run, decision }: ThreadInputOptions) {
  const unfinished = await unfinishedRun(graph, key);
  const same = unfinished !== undefined && isSameQuestion(unfinished, question, run);
  if (decision === undefined) return same ? null : { question, options: run };
  if (!same || unfinished.pending === undefined) {
    throw invalidOption("decision", "left out: this question, with these options, waits for nobody in its thread");
  }
  return new Command<ApprovalDecision, RunUpdate, never>({
    resume: checkDecision(unfinished.pending.kind, decision),
  });
}
