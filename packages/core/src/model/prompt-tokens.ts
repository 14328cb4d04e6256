import type { ServedModel } from "../agent/model-source.js";
import { estimateTokens } from "../text/estimate-tokens.js";

/** Tokens that chat formats add to a request. */
const overhead = 200;
/** By how much a prompt may be longer than its estimate and still fit, in most cases. */
const margin = 1.2;
const utf8 = new TextEncoder();

/** How long a prompt is. */
export interface PromptTokens {
  /** Never below what the model counts: its own tokenizer's count, else bytes of UTF-8, and what the chat format adds. */
  readonly worst: number;
  /** What it probably counts. */
  readonly likely: number;
  /** Without what is added by the chat format: for what a model did not count itself. */
  readonly estimate: number;
}

/**
 * Counts a prompt before it is sent. Each token of a byte-level vocabulary holds a byte at least, so that bytes bound
 * tokens; of English text that is four times too many, which a `countTokens` of the served model saves.
 */
export async function promptTokens(
  text: string,
  { countTokens }: Pick<ServedModel, "countTokens">,
): Promise<PromptTokens> {
  if (countTokens !== undefined) {
    const counted = await countTokens(text);
    return { worst: counted + overhead, likely: counted + overhead, estimate: counted };
  }
  const estimate = estimateTokens(text);
  return { worst: utf8.encode(text).length + overhead, likely: Math.ceil(estimate * margin) + overhead, estimate };
}
