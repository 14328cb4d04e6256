import { type Embedder, raceSignal, type Splitter } from "@clew/core";
import { splitter } from "@clew/core/text";

const tokens = 200;
const overlap = 30;

/** A splitter that may have to load something before it can cut. */
export interface ReadiedSplitter {
  readonly splitter: Splitter;
  /** Resolves when it can cut. */
  readonly ready: (signal: AbortSignal | undefined) => Promise<void>;
}

/**
 * The splitter of `@clew/core/text` with 200 tokens and an overlap of 30, counted as the embedder counts and never more
 * than it sees; without an embedder, estimated. The tokenizer is loaded when the first source is cut, not before.
 */
export function defaultSplitter(embedder: Embedder | undefined): ReadiedSplitter {
  if (embedder === undefined) return { splitter: splitter({ tokens, overlap }), ready: async () => undefined };
  const { id, maxTokens } = embedder.fingerprint;
  const most = Math.max(1, Math.min(tokens, maxTokens));
  let count: ((text: string) => number) | undefined;
  return {
    splitter: splitter({
      tokens: most,
      overlap: Math.min(overlap, Math.floor(most / 4)),
      tokenizer: id,
      countTokens: (text) => {
        if (count === undefined) throw new Error("the splitter was used before it was ready");
        return count(text);
      },
    }),
    ready: async (signal) => {
      count ??= await raceSignal(embedder.tokenCounter({ signal }), signal);
    },
  };
}
