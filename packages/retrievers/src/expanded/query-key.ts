import { wordTokens } from "@clew/core/text";

/** Equal for queries of the same words in the same order, whatever their case, accents and punctuation; "" for no words. */
export const queryKey = (query: string): string =>
  wordTokens(query)
    .map(({ term }) => term)
    .join(" ");
