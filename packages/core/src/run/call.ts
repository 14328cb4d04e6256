import type { RunnableConfig } from "@langchain/core/runnables";
import type { Prices } from "../model/prices.js";
import type { Scope } from "../scope/scope.js";
import type { Journal } from "./journal.js";
import type { Meter } from "./meter.js";
import type { Outbound } from "./outbound.js";
import type { Runtime } from "./runtime.js";
import type { Spans } from "./spans.js";

/** What every call inside a run carries: it reaches searches, rerankers, embedders and models alike. */
export interface Call {
  /** Identity of the run, the same when it is resumed. Absent: a call outside of any run. */
  readonly run?: string | undefined;
  readonly scope: Scope;
  /** The role for which a model is wanted: `router`, `planner`, `grader`, `writer`, `judge`, … */
  readonly role?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly meter: Meter;
  readonly journal: Journal;
  /** LangChain's callbacks, tags and metadata, handed on whole. */
  readonly config?: RunnableConfig | undefined;
  readonly runtime: Runtime;
  /** What models, embedders and rerankers cost, by model id. @default none is known */
  readonly prices?: Prices | undefined;
  /** Where what is done for this call shows. @default nowhere */
  readonly spans?: Spans | undefined;
  /** Who may send texts to another machine. @default everyone, and nobody counts */
  readonly outbound?: Outbound | undefined;
}
