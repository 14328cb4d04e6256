import { checkKeys, invalidOption } from "@clew/core";
import type { z } from "zod/v4";
import { checkPriced, checkRun } from "./check-run.js";
import type { AgentParts } from "./graph/run.js";
import type { RunOptions } from "./graph/run-state.js";
import type { AskOptions } from "./retrieval-agent.js";
import { formOf } from "./structured/form-of.js";

/** Longest question, in UTF-16 code units: reading one takes time that no signal ends. */
const longestQuestion = 100_000;
const askKeys = ["thread", "decision", "signal", "conversation", "budget", "filter", "k", "config", "schema"];

/** What an agent is asked with. */
export type Asked = AskOptions & { readonly schema?: z.core.$ZodType | undefined };

/** What of an agent decides which options hold. */
export interface CheckAskOptions extends Pick<AgentParts, "approve" | "prices"> {
  readonly modelIds: Parameters<typeof checkPriced>[2];
  /** Whether threads are kept. */
  readonly keeps: boolean;
}

/**
 * The options of one question as its run keeps them.
 *
 * @throws ClewError `invalid-option`
 */
export function checkAsk(question: unknown, asked: Asked, { approve, prices, modelIds, keeps }: CheckAskOptions) {
  checkKeys("ask", asked, askKeys);
  if (typeof question !== "string") throw invalidOption("question", "a text", question);
  if (question.length > longestQuestion) {
    const allowed = `at most ${longestQuestion} characters; longer texts belong into the index`;
    throw invalidOption("question", allowed, question.length);
  }
  const { thread, decision, signal: _, config: __, schema, ...rest } = asked;
  const form = schema === undefined ? undefined : formOf(schema);
  const run: RunOptions = { ...checkRun(rest), ...(form === undefined ? {} : { form }) };
  checkPriced(run.budget ?? {}, prices, modelIds);
  if (thread !== undefined && !keeps) {
    throw invalidOption("thread", "left out where the agent has no checkpointer: give createRetrievalAgent one");
  }
  if (thread === undefined && approve.size > 0) throw invalidOption("thread", "given where a person approves");
  if (thread === undefined && decision !== undefined) throw invalidOption("thread", "given with a decision");
  return { run, form };
}
