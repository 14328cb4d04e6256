import type { Runtime } from "@clew/core";
import type { AIMessageChunkFields, ToolCallChunk } from "@langchain/core/messages";
import type { EndpointMetadata } from "./endpoint-info.js";
import type { WirePiece, WireUsage } from "./kinds/chat-wire.js";

/** Pieces of an answer put together. */
export interface Gathered {
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly ToolCallChunk[];
  readonly usage: WireUsage | undefined;
  readonly finish: string | undefined;
  readonly id: string | undefined;
  readonly logprobs: unknown;
  /** There is nothing in it that a reader would see. */
  readonly isEmpty: boolean;
}

/** Puts pieces together; of what is told more than once (usage, the end), the last counts. */
export function gather(pieces: readonly WirePiece[], runtime: Pick<Runtime, "id">): Gathered {
  let text = "";
  let reasoning = "";
  let usage: WireUsage | undefined;
  let finish: string | undefined;
  let id: string | undefined;
  let logprobs: unknown;
  const calls: ToolCallChunk[] = [];
  for (const piece of pieces) {
    text += piece.text ?? "";
    reasoning += piece.reasoning ?? "";
    usage = piece.usage ?? usage;
    finish = piece.finish ?? finish;
    id ??= piece.id;
    logprobs ??= piece.logprobs;
    for (const { index, id: given, name, args, whole } of piece.toolCalls ?? []) {
      // a call without an identity cannot be answered
      const own = given !== undefined && given !== "" ? given : whole === true ? `call_${runtime.id()}` : undefined;
      calls.push({
        type: "tool_call_chunk",
        index,
        ...(own === undefined ? {} : { id: own }),
        ...(name === undefined ? {} : { name }),
        ...(args === undefined ? {} : { args }),
      });
    }
  }
  const isEmpty = text === "" && reasoning === "" && calls.length === 0 && logprobs === undefined;
  return { text, reasoning, calls, usage, finish, id, logprobs, isEmpty };
}

/** The same as the constructor of a LangChain message takes it. */
export function fieldsOf(
  { text, reasoning, calls, usage, finish, id, logprobs }: Gathered,
  metadata: EndpointMetadata | undefined,
): AIMessageChunkFields {
  const counted = usage === undefined ? {} : { usage_metadata: usageOf(usage) };
  // LangChain's types make usage_metadata impossible to set under exactOptionalPropertyTypes
  return {
    content: text,
    ...(id === undefined ? {} : { id }),
    ...(calls.length === 0 ? {} : { tool_call_chunks: [...calls] }),
    additional_kwargs: reasoning === "" ? {} : { reasoning_content: reasoning },
    response_metadata: {
      ...metadata,
      ...(finish === undefined ? {} : { finish_reason: finish }),
      ...(logprobs === undefined ? {} : { logprobs }),
    },
    ...counted,
  } as AIMessageChunkFields;
}

const usageOf = ({ input, output, cached }: WireUsage): object => ({
  input_tokens: input,
  output_tokens: output,
  total_tokens: input + output,
  ...(cached === undefined ? {} : { input_token_details: { cache_read: cached } }),
});
