import { AIMessageChunk, type AIMessageChunkFields } from "@langchain/core/messages";
import { ChatGenerationChunk } from "@langchain/core/outputs";
import type { ScriptedAnswer, ScriptedRequest, ScriptedToolCall } from "./scripted-answer.js";

const argumentsPiece = 12;

/** The parts of an answer, as the constructor of a message takes them. */
export interface ScriptedMessage {
  readonly text: string;
  readonly content: string;
  readonly tool_calls: { name: string; args: Record<string, unknown>; id: string; type: "tool_call" }[];
  readonly usage_metadata: { input_tokens: number; output_tokens: number; total_tokens: number };
  readonly response_metadata: { model_name: string; finish_reason: string };
}

/** The message that an answer is, in the form that the request asked for. */
export function messageOf(
  answer: Exclude<ScriptedAnswer, Error>,
  { messages, forced, index }: ScriptedRequest,
  model: string,
): ScriptedMessage {
  const {
    content = "",
    json,
    usage,
    finishReason,
    toolCalls = [],
  } = typeof answer === "string" ? { content: answer } : answer;
  const structured = json !== undefined && forced !== undefined;
  const calls: readonly ScriptedToolCall[] = structured
    ? [...toolCalls, { name: forced, args: json as Record<string, unknown> }]
    : toolCalls;
  const text = json !== undefined && !structured ? JSON.stringify(json) : content;
  const { inputTokens, outputTokens } = usage ?? {
    inputTokens: messages.reduce((sum, message) => sum + words(message.text), 0),
    outputTokens: words(text) + calls.reduce((sum, { args }) => sum + words(JSON.stringify(args)), 0),
  };
  return {
    text,
    content: text,
    tool_calls: calls.map(({ name, args, id }, position) => ({
      name,
      args: { ...args },
      id: id ?? `call-${index + 1}-${position + 1}`,
      type: "tool_call",
    })),
    usage_metadata: {
      input_tokens: inputTokens,
      output_tokens: outputTokens,
      total_tokens: inputTokens + outputTokens,
    },
    response_metadata: { model_name: model, finish_reason: finishReason ?? (calls.length > 0 ? "tool_calls" : "stop") },
  };
}

/** The same message word by word, tool calls by pieces of their arguments, usage at the end. */
export function* chunksOf(message: ScriptedMessage): Generator<ChatGenerationChunk> {
  for (const word of message.content.match(/\s*\S+\s*?|\s+$/g) ?? []) {
    yield new ChatGenerationChunk({ text: word, message: new AIMessageChunk({ content: word }) });
  }
  for (const [index, { name, args, id }] of message.tool_calls.entries()) {
    const json = JSON.stringify(args);
    for (let at = 0; at < json.length; at += argumentsPiece) {
      const first = at === 0 ? { name, id } : {};
      const piece = { ...first, args: json.slice(at, at + argumentsPiece), index, type: "tool_call_chunk" as const };
      yield new ChatGenerationChunk({
        text: "",
        message: new AIMessageChunk({ content: "", tool_call_chunks: [piece] }),
      });
    }
  }
  const { usage_metadata, response_metadata } = message;
  yield new ChatGenerationChunk({
    text: "",
    message: new AIMessageChunk(asFields({ content: "", usage_metadata, response_metadata })),
  });
}

/** LangChain's types make `usage_metadata` impossible to set under `exactOptionalPropertyTypes`; it is a field like any other. */
export const asFields = (fields: object): AIMessageChunkFields => fields as AIMessageChunkFields;

const words = (text: string): number => text.match(/\S+/g)?.length ?? 0;
