import {
  checkKeys,
  checkPrices,
  invalidOption,
  positiveInteger,
  type RedactText,
  systemRuntime,
  type TraceStore,
} from "@clew/core";
import { analyzer } from "@clew/core/text";
import { checkApprovalPoints } from "./approval.js";
import { budgetOf, checkPriced } from "./check-run.js";
import { extractivePolicy } from "./extractive/extractive-policy.js";
import type { AgentParts } from "./graph/run.js";
import { agentSources, scopeOfSources } from "./graph/sources.js";
import { llmPolicy } from "./llm/llm-policy.js";
import { modelIds, namedRoles, serveModels } from "./models.js";
import type { RetrievalAgentOptions } from "./retrieval-agent.js";

const defaultHops = 3;
const agentKeys = [
  "retriever",
  "sources",
  "policy",
  "models",
  "budget",
  "prices",
  "scope",
  "k",
  "timeoutMs",
  "checkpointer",
  "approve",
  "traces",
  "redact",
  "runtime",
];

/** What all runs of an agent share, and what is only needed before them. */
export interface SettledAgent {
  readonly parts: AgentParts & { readonly budget: { readonly hops: number } };
  /** Ids of the chat models that are known before any call. */
  readonly modelIds: readonly string[];
}

/**
 * Checks the options of an agent and puts defaults in.
 *
 * @throws ClewError `invalid-option` for an option that is unknown, missing or out of range
 */
export function settleAgent(options: RetrievalAgentOptions): SettledAgent {
  checkKeys("createRetrievalAgent", options, agentKeys);
  const { models, budget = {}, k = 10, timeoutMs = 120_000, runtime = systemRuntime } = options;
  const sources = agentSources(options.retriever, options.sources);
  const scope = scopeOfSources(sources, options.scope);
  const serve = models === undefined ? undefined : serveModels(models);
  const { hops = defaultHops, ...others } = budgetOf(budget);
  const limits = { ...others, hops };
  const approve = checkApprovalPoints(options.approve ?? []);
  if (approve.size > 0 && options.checkpointer === undefined) {
    throw invalidOption("approve", "left out where there is no checkpointer: what waits has to be kept");
  }
  const prices = options.prices === undefined ? undefined : checkPrices(options.prices);
  const policy = options.policy ?? (serve === undefined ? extractivePolicy() : llmPolicy());
  const ids = [...(models === undefined ? [] : modelIds(models)), ...(policy.models ?? [])];
  checkPriced(limits, prices, ids);
  const parts: SettledAgent["parts"] = {
    sources,
    scope,
    policy,
    serve,
    names: namedRoles(models),
    budget: limits,
    prices,
    k: positiveInteger("k", k),
    timeoutMs: positiveInteger("timeoutMs", timeoutMs),
    approve,
    traces: checkTraces(options.traces),
    redact: checkRedact(options.redact),
    runtime,
    analyzer: analyzer(),
  };
  return { parts, modelIds: ids };
}

function checkTraces(traces: TraceStore | undefined): TraceStore | undefined {
  if (traces === undefined || (typeof traces?.write === "function" && typeof traces.feedback === "function"))
    return traces;
  throw invalidOption("traces", "a trace store, such as memoryTraces()");
}

function checkRedact(redact: RedactText | undefined): RedactText | undefined {
  if (redact === undefined || typeof redact === "function") return redact;
  throw invalidOption("redact", "a function from text to text", redact);
}
