import type { Embedder } from "./embedder.js";

/** What embedding so many tokens would cost. */
export interface EmbeddingEstimate {
  readonly tokens: number;
  /** US dollars; undefined when the embedder has no price. */
  readonly usd: number | undefined;
}

/** Options of {@link estimateEmbedding}. */
export interface EstimateEmbeddingOptions {
  /** As a dry run of a sync reports them. */
  tokens: number;
  embedder: Pick<Embedder, "usdPerMillionTokens">;
}

/** The price of embedding so many tokens. */
export const estimateEmbedding = ({ tokens, embedder }: EstimateEmbeddingOptions): EmbeddingEstimate => ({
  tokens,
  usd: embedder.usdPerMillionTokens === undefined ? undefined : (tokens * embedder.usdPerMillionTokens) / 1e6,
});
