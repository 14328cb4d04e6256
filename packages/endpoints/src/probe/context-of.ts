import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { askModel } from "./ask.js";

/** More than any context. */
const tooMany = 1_000_000_000;
const limits: readonly RegExp[] = [
  /(?:maximum|max|model'?s?)[^.\d]{0,40}(?:context|sequence|total)[^\d]{0,40}?(\d{3,9})/i,
  /context (?:length|size|window)[^\d]{0,40}(\d{3,9})/i,
  /`?(?:max_model_len|max_total_tokens|n_ctx)`?[^\d]{0,20}(\d{3,9})/i,
];

/**
 * The context of a model whose server does not tell it, from how the server refuses a limit of tokens beyond it. A
 * server that takes any limit is left at the first piece.
 */
export async function contextOf(
  model: BaseChatModel,
  ask: typeof askModel,
  signal: AbortSignal | undefined,
): Promise<{ readonly tokens: number | null; readonly evidence: string }> {
  const asked = await ask(model, "Reply with the one word: yes.", {
    streamed: true,
    signal,
    options: { maxTokens: tooMany },
    enough: true,
  });
  if (asked.kind === "answered") return { tokens: null, evidence: "neither told nor kept to" };
  if (asked.kind === "failed") return { tokens: null, evidence: asked.why };
  for (const limit of limits) {
    const found = Number(limit.exec(asked.message)?.[1]);
    if (found > 0 && found !== tooMany) return { tokens: found, evidence: "a limit beyond it was refused" };
  }
  return { tokens: null, evidence: asked.why };
}
