import type { BaseMessage } from "@langchain/core/messages";
import { AIMessage } from "@langchain/core/messages";
import { convertToOpenAITool } from "@langchain/core/utils/function_calling";
import type { ResponseFormat } from "../endpoint-call-options.js";
import type { ChatWire, WirePiece } from "./chat-wire.js";
import { asList, asNumber, asRecord, asText } from "./read-json.js";

/** What Ollama is told beside the common options. */
export interface OllamaChatOptions {
  readonly model: string;
  /** How long the model stays loaded, such as `10m`, or seconds. */
  readonly keepAlive?: string | number | undefined;
  /** Size of the context that it is loaded with, in tokens. */
  readonly contextTokens?: number | undefined;
}

/**
 * Ollama's own chat protocol. It is spoken here and not through LangChain's integration, which aborts every request of
 * its client when one is aborted, and that only at the next piece of the answer.
 */
export const ollamaChat = ({ model, keepAlive, contextTokens }: OllamaChatOptions): ChatWire => ({
  known: {},
  framing: "ndjson",
  request: async ({ messages, options, streamed }) => {
    const { maxTokens, temperature, seed, stop, tools, response_format, logprobs } = options;
    const settings = {
      ...(maxTokens === undefined ? {} : { num_predict: maxTokens }),
      ...(temperature === undefined ? {} : { temperature }),
      ...(seed === undefined ? {} : { seed }),
      ...(stop === undefined || stop.length === 0 ? {} : { stop: [...stop] }),
      ...(contextTokens === undefined ? {} : { num_ctx: contextTokens }),
    };
    return {
      path: "/api/chat",
      body: {
        model,
        messages: messages.map(messageOf),
        stream: streamed,
        options: settings,
        ...(tools === undefined || tools.length === 0 ? {} : { tools: tools.map((tool) => convertToOpenAITool(tool)) }),
        ...formatOf(response_format),
        ...(logprobs === undefined ? {} : { logprobs }),
        ...(keepAlive === undefined ? {} : { keep_alive: keepAlive }),
      },
    };
  },
  read,
});

function formatOf(format: ResponseFormat | undefined): object {
  if (format === undefined || format.type === "text") return {};
  return { format: format.type === "json_schema" ? format.json_schema.schema : "json" };
}

const roles: Readonly<Record<string, string>> = { human: "user", ai: "assistant", system: "system", tool: "tool" };

function messageOf(message: BaseMessage): object {
  const calls = AIMessage.isInstance(message) ? (message.tool_calls ?? []) : [];
  const images = imagesOf(message);
  return {
    role: roles[message.getType()] ?? message.getType(),
    content: message.text,
    ...(images.length === 0 ? {} : { images }),
    ...(calls.length === 0
      ? {}
      : { tool_calls: calls.map(({ name, args }) => ({ function: { name, arguments: args } })) }),
    ...(message.getType() === "tool" && message.name !== undefined ? { tool_name: message.name } : {}),
  };
}

/** The images of a message in base 64, of LangChain's blocks and of OpenAI's. */
function imagesOf({ content }: BaseMessage): string[] {
  if (typeof content === "string") return [];
  return content.flatMap((block) => {
    const { type, data, image_url: image } = block as Record<string, unknown>;
    if (type === "image" && typeof data === "string") return [data];
    const url = asText(image) ?? asText(asRecord(image)?.url);
    const encoded = url === undefined ? undefined : /^data:[^,]*;base64,(.*)$/s.exec(url)?.[1];
    return encoded === undefined ? [] : [encoded];
  });
}

function read(json: unknown, streamed: boolean): WirePiece | undefined {
  const answer = asRecord(json);
  const error = asText(answer?.error);
  if (error !== undefined) return { error };
  const said = asRecord(answer?.message);
  if (answer === undefined || said === undefined) return undefined;
  const done = answer.done === true;
  const calls = asList(said.tool_calls);
  const input = asNumber(answer.prompt_eval_count);
  const output = asNumber(answer.eval_count);
  return {
    text: asText(said.content),
    reasoning: asText(said.thinking),
    toolCalls: calls?.map((call, position) => {
      const { id, function: made } = asRecord(call) ?? {};
      const { name, arguments: args } = asRecord(made) ?? {};
      return {
        index: position,
        whole: true,
        id: asText(id),
        name: asText(name),
        args: asText(args) ?? JSON.stringify(args ?? {}),
      };
    }),
    // half a count would pass for a whole one
    usage: output === undefined || input === undefined ? undefined : { input, output },
    finish: asText(answer.done_reason) ?? (done ? "stop" : undefined),
    model: asText(answer.model),
    logprobs: answer.logprobs ?? undefined,
    ...(streamed && done ? { done } : {}),
  };
}
