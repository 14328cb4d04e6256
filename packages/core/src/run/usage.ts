/** What was spent. All fields add up over calls. */
export interface Usage {
  /** Tokens sent to models. */
  readonly inputTokens: number;
  /** Tokens that models wrote. */
  readonly outputTokens: number;
  /** Calls of models, embedders and rerankers that left this process or cost money. */
  readonly calls: number;
  /** US dollars, by the prices that the user gave; 0 where none is known. */
  readonly usd: number;
}

/** Nothing spent. */
export const noUsage: Usage = Object.freeze({ inputTokens: 0, outputTokens: 0, calls: 0, usd: 0 });

/** Adds up what was spent. */
export const addUsage = (...usages: readonly Usage[]): Usage =>
  usages.reduce(
    (sum, { inputTokens, outputTokens, calls, usd }) => ({
      inputTokens: sum.inputTokens + inputTokens,
      outputTokens: sum.outputTokens + outputTokens,
      calls: sum.calls + calls,
      usd: sum.usd + usd,
    }),
    noUsage,
  );
