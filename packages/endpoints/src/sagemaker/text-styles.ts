import { invalidOption } from "@clew/core";
import type { BaseMessage } from "@langchain/core/messages";
import {
  type BodyPiece,
  type BodySettings,
  type BodyStyle,
  errorOf,
  fieldsOf,
  type PromptMessage,
  textOf,
} from "./body-style.js";

/**
 * TGI's own API: `{ inputs, parameters }`, answered by `generated_text`, streamed as events with `token.text`.
 *
 * @see text-generation-inference, "/generate_stream"
 */
export const tgiStyle: BodyStyle = {
  name: "tgi",
  tools: false,
  marksEnd: true,
  body: (messages, settings) => {
    const { adapter, stop, stream } = settings;
    const schema = schemaOf(settings.responseFormat, "tgi");
    return {
      inputs: promptOf(messages, settings),
      parameters: {
        ...sampling(settings),
        return_full_text: false,
        details: true,
        ...(stop.length === 0 ? {} : { stop: [...stop] }),
        ...(schema === undefined ? {} : { grammar: { type: "json", value: schema } }),
        ...(adapter === undefined ? {} : { adapter_id: adapter }),
        ...settings.parameters,
      },
      stream,
    };
  },
  read: (value) => readText(Array.isArray(value) ? value[0] : value),
};

/**
 * DJL/LMI's own API: `{ inputs, parameters }`, answered by `generated_text` or, by older handlers, by `outputs`;
 * streamed as JSON lines.
 *
 * @see DJL Serving, "LMI handlers Inference API Schema"
 */
export const djlStyle: BodyStyle = {
  name: "djl",
  tools: false,
  // older handlers send `outputs` and simply stop
  marksEnd: false,
  body: (messages, settings) => {
    const { adapter, stop, stream } = settings;
    schemaOf(settings.responseFormat, "djl");
    return {
      inputs: promptOf(messages, settings),
      parameters: {
        ...sampling(settings),
        details: true,
        ...(stop.length === 0 ? {} : { stop: [...stop] }),
        ...settings.parameters,
      },
      ...(adapter === undefined ? {} : { adapters: adapter }),
      stream,
    };
  },
  read: (value) => {
    if (Array.isArray(value)) return value.length === 1 ? djlStyle.read(value[0]) : undefined;
    const { outputs } = fieldsOf(value) ?? {};
    if (Array.isArray(outputs) && outputs.every((one) => typeof one === "string")) return { text: outputs.join("") };
    if (typeof outputs === "string") return { text: outputs };
    return readText(value);
  },
};

/** The plain template: roles and texts, for models without one of their own. */
export const plainPrompt = (messages: readonly PromptMessage[]): string => {
  const names = { system: "System", user: "User", assistant: "Assistant" } as const;
  return `${messages.map(({ role, content }) => `${names[role]}: ${content}`).join("\n\n")}\n\nAssistant:`;
};

function readText(value: unknown): BodyPiece | undefined {
  const fields = fieldsOf(value);
  if (fields === undefined) return undefined;
  const error = errorOf(fields);
  if (error !== undefined) return { error };
  const token = fieldsOf(fields.token);
  const whole = textOf(fields.generated_text);
  if (token === undefined && whole === undefined) return undefined;
  const details = fieldsOf(fields.details) ?? {};
  const { generated_tokens: output, prompt_tokens: input, input_length: length } = details;
  const read = typeof input === "number" ? input : length;
  return {
    // end-of-text tokens are structure
    text: token === undefined || token.special === true ? undefined : textOf(token.text),
    whole,
    finish: textOf(details.finish_reason) ?? (whole === undefined ? undefined : "stop"),
    usage: typeof read === "number" && typeof output === "number" ? { input: read, output } : undefined,
  };
}

function sampling({ maxTokens, temperature, topP }: BodySettings): Record<string, unknown> {
  return {
    ...(maxTokens === undefined ? {} : { max_new_tokens: maxTokens }),
    // both servers refuse a temperature of 0: greedy is said with do_sample
    ...(temperature === undefined ? {} : temperature === 0 ? { do_sample: false } : { do_sample: true, temperature }),
    ...(topP === undefined ? {} : { top_p: topP }),
  };
}

function promptOf(messages: readonly BaseMessage[], { prompt }: BodySettings): string {
  return prompt(
    messages.map((message) => {
      const { content, text, type } = message;
      if (Array.isArray(content) && content.some((block) => block.type !== "text")) {
        throw invalidOption("bodyStyle", '"messages" for content other than text');
      }
      const role = type === "system" || type === "developer" ? "system" : type === "ai" ? "assistant" : "user";
      return { role, content: text };
    }),
  );
}

function schemaOf(format: unknown, style: string): unknown {
  if (format === undefined) return undefined;
  const fields = fieldsOf(format) ?? {};
  const schema = fieldsOf(fields.json_schema)?.schema;
  if (style === "tgi" && fields.type === "json_schema" && schema !== undefined) return schema;
  if (fields.type === "text") return undefined;
  throw invalidOption("response_format", `left out: the body style "${style}" has none of type ${String(fields.type)}`);
}
