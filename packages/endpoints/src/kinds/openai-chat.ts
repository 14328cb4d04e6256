import { convertToOpenAITool } from "@langchain/core/utils/function_calling";
import type { EndpointCallOptions, ResponseFormat } from "../endpoint-call-options.js";
import type { ChatWire } from "./chat-wire.js";
import { readChatCompletion } from "./openai-answer.js";
import { openAIMessages } from "./openai-messages.js";

/** What differs among the servers that speak OpenAI's chat protocol. */
export interface OpenAIChatOptions {
  readonly kind: string;
  readonly model: string;
  /** @default "/chat/completions" */
  readonly path?: string | undefined;
  /** What the limit of tokens is called. @default "max_tokens" */
  readonly limit?: "max_tokens" | "max_completion_tokens" | undefined;
  /** Roles are renamed for OpenAI's reasoning models. @default false */
  readonly ownRoles?: boolean | undefined;
  /** Asks for usage in streams. */
  readonly streamUsage: boolean;
  /** Fields of the body that ask for a form. @default `response_format` as it is */
  readonly form?: ((format: ResponseFormat) => object) | undefined;
  /** Fields of the body that ask for a grammar; absent: there is none. */
  readonly grammar?: ((grammar: string) => object) | undefined;
  /** Fields that every body has. */
  readonly extra?: object | undefined;
}

/** OpenAI's chat protocol. */
export const openAIChat = ({
  kind,
  model,
  path = "/chat/completions",
  limit = "max_tokens",
  ownRoles = false,
  streamUsage,
  form = (response_format) => ({ response_format }),
  grammar,
  extra = {},
}: OpenAIChatOptions): ChatWire => ({
  known: {},
  framing: "sse",
  request: async ({ messages, options, streamed }) => ({
    path,
    body: {
      model,
      messages: await openAIMessages(messages, `endpoint({ kind: "${kind}" })`, ownRoles ? model : undefined),
      ...extra,
      ...sampling(options, limit),
      ...(options.tools === undefined || options.tools.length === 0
        ? {}
        : { tools: options.tools.map((tool) => convertToOpenAITool(tool)), ...toolChoice(options.tool_choice) }),
      ...(options.response_format === undefined ? {} : form(options.response_format)),
      ...(options.grammar === undefined || grammar === undefined ? {} : grammar(options.grammar)),
      ...(options.logprobs === undefined ? {} : { logprobs: options.logprobs }),
      stream: streamed,
      ...(streamed && streamUsage ? { stream_options: { include_usage: true } } : {}),
    },
  }),
  read: readChatCompletion,
});

/** The fields of sampling that chat and text completions share. */
export function sampling(options: EndpointCallOptions, limit: string): object {
  const { maxTokens, temperature, stop, seed } = options;
  return {
    ...(maxTokens === undefined ? {} : { [limit]: maxTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(stop === undefined || stop.length === 0 ? {} : { stop: [...stop] }),
    ...(seed === undefined ? {} : { seed }),
  };
}

function toolChoice(choice: EndpointCallOptions["tool_choice"]): object {
  if (choice === undefined) return {};
  if (choice === "any") return { tool_choice: "required" };
  if (typeof choice === "string" && !["auto", "none", "required"].includes(choice)) {
    return { tool_choice: { type: "function", function: { name: choice } } };
  }
  return { tool_choice: choice };
}
