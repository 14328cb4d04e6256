import { createRetrievalAgent, extractivePolicy, llmPolicy, type RetrievalAgent } from "@clew/agents";
import { quoteTagForm, type Retriever } from "@clew/core";
import type { EndpointModel, RoutedSource } from "@clew/endpoints";

/** Longest answer, in tokens: that of the adapter's training. */
export const writerTokens = 90;

/** Options of {@link writerAgent}. */
export interface WriterAgentOptions {
  readonly retriever: Retriever;
  readonly model: EndpointModel | RoutedSource;
  /** Passages that a search brings. */
  readonly k: number;
  /** Most passages that the writer is shown. @default all */
  readonly maxEvidence?: number | undefined;
}

/** An agent whose writer is asked in the prompt that the adapter was trained on; code decides the rest. */
export function writerAgent({ retriever, model, k, maxEvidence }: WriterAgentOptions): RetrievalAgent {
  const form = quoteTagForm({ maxEvidence });
  const { route, plan, grade } = extractivePolicy();
  const policy = { ...llmPolicy({ maxTokens: writerTokens }), route, plan, grade };
  return createRetrievalAgent({ retriever, policy, models: { writer: { model, form } }, budget: { hops: 1 }, k });
}
