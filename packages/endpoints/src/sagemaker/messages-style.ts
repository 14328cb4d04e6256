import type { AIMessage, BaseMessage, ToolMessage } from "@langchain/core/messages";
import { type BodyPiece, type BodyStyle, errorOf, fieldsOf, type ToolPiece, textOf } from "./body-style.js";

/**
 * The Messages API, as OpenAI's chat completions: DJL/LMI, TGI from 2 on, vLLM.
 *
 * @see LMI "Chat Completions API Schema"; TGI "Messages API"
 */
export const messagesStyle: BodyStyle = {
  name: "messages",
  tools: true,
  marksEnd: true,
  body: (messages, settings) => {
    const { maxTokens, temperature, topP, stop, adapter, model, parameters, stream, streamUsage } = settings;
    const { tools, toolChoice, responseFormat } = settings;
    const named = adapter ?? model;
    return {
      messages: messages.map(messageOf),
      ...(named === undefined ? {} : { model: named }),
      ...(maxTokens === undefined ? {} : { max_tokens: maxTokens }),
      ...(temperature === undefined ? {} : { temperature }),
      ...(topP === undefined ? {} : { top_p: topP }),
      ...(stop.length === 0 ? {} : { stop: [...stop] }),
      ...(tools === undefined ? {} : { tools }),
      ...(toolChoice === undefined ? {} : { tool_choice: toolChoice }),
      ...(responseFormat === undefined ? {} : { response_format: responseFormat }),
      ...parameters,
      stream,
      ...(stream && streamUsage ? { stream_options: { include_usage: true } } : {}),
    };
  },
  read: (value) => {
    const fields = fieldsOf(value);
    if (fields === undefined) return undefined;
    const error = errorOf(fields);
    if (error !== undefined) return { error };
    if (!Array.isArray(fields.choices)) return undefined;
    const choice = fieldsOf(fields.choices[0]) ?? {};
    const said = fieldsOf(choice.delta) ?? fieldsOf(choice.message) ?? {};
    return {
      text: textOf(said.content),
      tools: toolsOf(said.tool_calls),
      finish: textOf(choice.finish_reason),
      usage: usageOf(fields.usage),
      model: textOf(fields.model),
    };
  },
};

function toolsOf(calls: unknown): ToolPiece[] | undefined {
  if (!Array.isArray(calls)) return undefined;
  return calls.flatMap((call: unknown, position) => {
    const fields = fieldsOf(call);
    if (fields === undefined) return [];
    const { index, id } = fields;
    const { name, arguments: args } = fieldsOf(fields.function) ?? {};
    return [
      {
        index: typeof index === "number" ? index : position,
        id: textOf(id),
        name: textOf(name),
        // TGI sends finished arguments as an object
        args: textOf(args) ?? (args === undefined || args === null ? undefined : JSON.stringify(args)),
      },
    ];
  });
}

function usageOf(usage: unknown): BodyPiece["usage"] {
  const { prompt_tokens: input, completion_tokens: output } = fieldsOf(usage) ?? {};
  return typeof input === "number" && typeof output === "number" ? { input, output } : undefined;
}

function messageOf(message: BaseMessage): Record<string, unknown> {
  const content = typeof message.content === "string" ? message.content : blocksOf(message);
  switch (message.type) {
    case "system":
    case "developer":
      return { role: "system", content };
    case "ai": {
      const { tool_calls: calls = [] } = message as AIMessage;
      const tools = calls.map(({ id, name, args }) => ({
        id,
        type: "function",
        function: { name, arguments: JSON.stringify(args) },
      }));
      return { role: "assistant", content, ...(tools.length === 0 ? {} : { tool_calls: tools }) };
    }
    case "tool":
      return { role: "tool", content, tool_call_id: (message as ToolMessage).tool_call_id };
    default:
      return { role: "user", content };
  }
}

const blocksOf = ({ content, text }: BaseMessage): unknown =>
  Array.isArray(content) && content.some((block) => block.type !== "text") ? content : text;
