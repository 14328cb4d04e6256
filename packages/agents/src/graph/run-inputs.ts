import { type Budget, type JsonObject, libraryVersion, type Prices, type Turn } from "@clew/core";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import type { ApprovalPoint } from "../approval.js";
import { modelRoles } from "../models.js";
import type { AgentParts } from "./run.js";
import type { RunOptions, RunState } from "./run-state.js";

/** All that decides what a run does, but for what models, sources, people and the clock say: the first line of its record. */
export interface RunInputs {
  /** Identity of the run, and of its answer. */
  readonly run: string;
  readonly question: string;
  readonly conversation: readonly Turn[];
  readonly options: Omit<RunOptions, "conversation">;
  readonly scope: { readonly tenant: string; readonly principals?: readonly string[] | undefined };
  readonly sources: readonly { readonly name?: string | undefined; readonly about: string; readonly kind: string }[];
  readonly policy: {
    readonly id: string;
    readonly version: string;
    readonly models?: readonly string[] | undefined;
    /** Absent: it cannot be made again from its id. */
    readonly settings?: JsonObject | undefined;
  };
  /** Whether the agent has chat models. */
  readonly models: boolean;
  /** Roles for which a model is named. */
  readonly names: readonly string[];
  readonly budget: Budget;
  readonly prices?: Prices | undefined;
  readonly k: number;
  readonly timeoutMs: number;
  readonly approve: readonly ApprovalPoint[];
  readonly recursionLimit?: number | undefined;
  /** It was looked up whatever it sounded like: a section of a report. */
  readonly lookUp?: true | undefined;
  /** Version of the library. */
  readonly library: string;
}

/** What the first line of a run's record holds. No keys, headers, callbacks or configuration of its caller. */
export function runInputs(parts: AgentParts, state: RunState, config: LangGraphRunnableConfig): JsonObject {
  const { scope, policy, sources, budget, prices, k, timeoutMs, approve, serve, names } = parts;
  const { conversation, ...options } = state.options;
  const { id, version, models, settings } = policy;
  const inputs: RunInputs = {
    run: state.run,
    question: state.question,
    conversation: conversation ?? state.conversation,
    options,
    scope: { tenant: scope.tenant, principals: scope.principals },
    sources: sources.map(({ name, about, retriever }) => ({ name, about, kind: retriever.kind })),
    policy: { id, version, models, settings },
    models: serve !== undefined,
    names: modelRoles.filter((role) => names?.(role) === true),
    budget,
    prices,
    k,
    timeoutMs,
    approve: [...approve],
    recursionLimit: config.recursionLimit,
    lookUp: parts.lookUp,
    library: libraryVersion,
  };
  return JSON.parse(JSON.stringify(inputs)) as JsonObject;
}
