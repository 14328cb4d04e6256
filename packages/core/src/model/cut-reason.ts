import type { AIMessageChunk } from "@langchain/core/messages";

/** Where providers say why an answer ended. */
const keys = ["finish_reason", "finishReason", "stop_reason", "stopReason", "done_reason"];
/** Where some of them put it one level down: Bedrock's Converse, OpenAI's Responses. */
const nested: readonly (readonly [key: string, inner: string])[] = [
  ["messageStop", "stopReason"],
  ["incomplete_details", "reason"],
];
/** What they call an answer that met its limit, or the end of the context. */
const limits: ReadonlySet<string> = new Set([
  "length",
  "max_tokens",
  "max_output_tokens",
  "model_length",
  "model_context_window_exceeded",
]);

/**
 * Says that a model's answer was cut by a limit of tokens, from what its provider reports with a chunk of it.
 *
 * @returns the provider's own word for it, such as `length`; undefined where it ended by itself or nothing is said yet
 */
export function cutReason({
  response_metadata = {},
  additional_kwargs = {},
}: Pick<AIMessageChunk, "response_metadata" | "additional_kwargs">): string | undefined {
  for (const said of [response_metadata, additional_kwargs] as Record<string, unknown>[]) {
    const inner = nested.map(([key, name]) => (said[key] as Record<string, unknown> | null | undefined)?.[name]);
    for (const reason of [...keys.map((key) => said[key]), ...inner]) {
      if (typeof reason === "string" && limits.has(reason.toLowerCase())) return reason;
    }
  }
  return undefined;
}
