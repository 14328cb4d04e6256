import { createRetrievalAgent, extractivePolicy, llmPolicy, type RetrievalAgent } from "@clew/agents";
import { quoteTagForm, type Retriever, type WriterForm } from "@clew/core";
import { endpoint, routed } from "@clew/endpoints";

/** Longest answer, in tokens: that of the adapter's training. */
const maxTokens = 90;

/** Options of {@link adapterAgents}. */
export interface AdapterAgentsOptions {
  readonly retriever: Retriever;
  /** Base address of the server. */
  readonly url: string;
  /** Names under which it serves. */
  readonly base: string;
  readonly adapter: string;
  /** Passages that a search brings. @default 4 */
  readonly k?: number | undefined;
  /** Most passages that the writer is shown. @default all */
  readonly maxEvidence?: number | undefined;
}

/**
 * Two agents that differ in their writer alone: the base model, and its adapter with the base behind it. Both are asked in the
 * prompt that the adapter was trained on; code decides the rest, so that nothing else of the model is measured.
 */
export function adapterAgents({ retriever, url, base, adapter, k = 4, maxEvidence }: AdapterAgentsOptions): {
  readonly base: RetrievalAgent;
  readonly adapter: RetrievalAgent;
} {
  const limits = { maxTokens, temperature: 0, timeoutMs: 300_000, environment: {} };
  const served = (model: string) => endpoint({ kind: "openai-compatible", baseURL: url, model, ...limits });
  const form: WriterForm = quoteTagForm({ maxEvidence });
  const { route, plan, grade } = extractivePolicy();
  const policy = { ...llmPolicy({ maxTokens }), route, plan, grade };
  const below = served(base);
  const waits = { timeoutMs: 300_000, baseTimeoutMs: 300_000 };
  const source = routed({ base: below, adapters: { writer: adapter }, by: "role", make: served, ...waits });
  const agent = (model: typeof below | typeof source): RetrievalAgent =>
    createRetrievalAgent({ retriever, policy, models: { writer: { model, form } }, budget: { hops: 1 }, k });
  return { base: agent(below), adapter: agent(source) };
}
