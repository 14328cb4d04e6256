import type { RetrievalAgent } from "@clew/agents";
import type { Retriever } from "@clew/core";
import { endpoint, routed } from "@clew/endpoints";
import { writerAgent, writerTokens } from "./writer-agent.js";

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
  const limits = { maxTokens: writerTokens, temperature: 0, timeoutMs: 300_000, environment: {} };
  const served = (model: string) => endpoint({ kind: "openai-compatible", baseURL: url, model, ...limits });
  const below = served(base);
  const waits = { timeoutMs: 300_000, baseTimeoutMs: 300_000 };
  const source = routed({ base: below, adapters: { writer: adapter }, by: "role", make: served, ...waits });
  const shared = { retriever, k, maxEvidence };
  return { base: writerAgent({ ...shared, model: below }), adapter: writerAgent({ ...shared, model: source }) };
}
