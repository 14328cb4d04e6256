import type { ScoreResponse } from "@clew/core";

/** One request of a reranking service. */
export interface RerankRequest {
  readonly model: string | undefined;
  readonly query: string;
  readonly documents: readonly string[];
}

/** What a service answered, read but not yet believed. */
export type RerankResponse = ScoreResponse;

/** How a reranking service is spoken to. */
export interface RerankProtocol {
  readonly name: string;
  /** Address when the user gives none; undefined for self-hosted services. */
  readonly baseURL: string | undefined;
  /** Below the base address. */
  readonly path: string;
  /** Environment variable of the key; undefined when none is needed. */
  readonly keyVariable: string | undefined;
  /** Model when the user names none. */
  readonly model: string | undefined;
  /** Documents in a request at most. */
  readonly batchSize: number;
  body(request: RerankRequest): Record<string, unknown>;
  /** Undefined when the body has another form. */
  parse(body: unknown): RerankResponse | undefined;
}
