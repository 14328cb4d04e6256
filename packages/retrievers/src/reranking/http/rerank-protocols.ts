import { noUsage } from "@clew/core";
import type { RerankProtocol, RerankResponse } from "./rerank-protocol.js";

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function results(list: unknown, scoreField: string): RerankResponse["results"] | undefined {
  if (!Array.isArray(list) || !list.every(isFields)) return undefined;
  return list.map((item) => ({ index: item.index, score: item[scoreField] }));
}

const tokensOf = (usage: unknown): number =>
  isFields(usage) && typeof usage.total_tokens === "number" ? usage.total_tokens : 0;

function withTokens(list: unknown, usage: unknown): RerankResponse | undefined {
  const found = results(list, "relevance_score");
  return found && { results: found, spent: { ...noUsage, calls: 1, inputTokens: tokensOf(usage) } };
}

/**
 * The services that `httpReranker` speaks to, by name.
 *
 * @see Cohere API v2 "Rerank", Jina API "Reranker", Voyage AI "Rerankers", Hugging Face text-embeddings-inference
 */
export const rerankProtocols = {
  cohere: {
    name: "cohere",
    baseURL: "https://api.cohere.com",
    path: "/v2/rerank",
    keyVariable: "COHERE_API_KEY",
    model: "rerank-v3.5",
    batchSize: 100,
    body: ({ model, query, documents }) => ({ model, query, documents }),
    parse: (body) => {
      const found = isFields(body) ? results(body.results, "relevance_score") : undefined;
      return found && { results: found, spent: { ...noUsage, calls: 1 } };
    },
  },
  jina: {
    name: "jina",
    baseURL: "https://api.jina.ai",
    path: "/v1/rerank",
    keyVariable: "JINA_API_KEY",
    model: "jina-reranker-v2-base-multilingual",
    batchSize: 100,
    body: ({ model, query, documents }) => ({ model, query, documents, return_documents: false }),
    parse: (body) => (isFields(body) ? withTokens(body.results, body.usage) : undefined),
  },
  voyage: {
    name: "voyage",
    baseURL: "https://api.voyageai.com",
    path: "/v1/rerank",
    keyVariable: "VOYAGE_API_KEY",
    model: "rerank-2.5-lite",
    batchSize: 100,
    body: ({ model, query, documents }) => ({ model, query, documents, truncation: true }),
    parse: (body) => (isFields(body) ? withTokens(body.data, body.usage) : undefined),
  },
  tei: {
    name: "tei",
    baseURL: undefined,
    path: "/rerank",
    keyVariable: undefined,
    model: undefined,
    batchSize: 32,
    body: ({ query, documents }) => ({ query, texts: documents, truncate: true, raw_scores: false }),
    parse: (body) => {
      const found = results(body, "score");
      return found && { results: found, spent: { ...noUsage, calls: 1 } };
    },
  },
} as const satisfies Readonly<Record<string, RerankProtocol>>;

/** Names of the protocols. */
export type RerankProtocolName = keyof typeof rerankProtocols;
