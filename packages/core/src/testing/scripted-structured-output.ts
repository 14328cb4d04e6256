import type { BaseLanguageModelInput, StructuredOutputMethodOptions } from "@langchain/core/language_models/base";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { AIMessageChunk } from "@langchain/core/messages";
import { OutputParserException } from "@langchain/core/output_parsers";
import { type Runnable, RunnableLambda } from "@langchain/core/runnables";
import { toJsonSchema } from "@langchain/core/utils/json_schema";
import { interopSafeParseAsync, isInteropZodSchema } from "@langchain/core/utils/types";
import { invalidOption } from "../errors/invalid-option.js";
import type { ScriptedCallOptions } from "./scripted-call-options.js";

/**
 * Structured output of a scripted model, by tool call (`functionCalling`, the default), `jsonMode` or `jsonSchema`.
 * Zod schemas are validated; a reply that does not fit throws OutputParserException, or is `parsed: null` beside `raw`.
 */
export function structuredOutput(
  model: BaseChatModel<ScriptedCallOptions>,
  schema: object,
  { name = "extract", method = "functionCalling", includeRaw = false }: StructuredOutputMethodOptions<boolean>,
): Runnable<BaseLanguageModelInput, unknown> {
  const parameters = toJsonSchema(schema as Record<string, unknown>);
  const byTool = method === "functionCalling";
  if (!byTool && method !== "jsonMode" && method !== "jsonSchema") {
    throw invalidOption("method", "functionCalling, jsonMode or jsonSchema", method);
  }
  const bound = byTool
    ? model.bindTools!([{ type: "function", function: { name, parameters } }], {
        tool_choice: { type: "function", function: { name } },
      })
    : model.withConfig({
        response_format:
          method === "jsonMode"
            ? { type: "json_object" }
            : { type: "json_schema", json_schema: { name, schema: parameters, strict: true } },
      });
  return RunnableLambda.from(async (input: BaseLanguageModelInput, config) => {
    const raw = await bound.invoke(input, config);
    try {
      const parsed = await validated(byTool ? argumentsOf(raw, name) : parseJson(raw.text), schema);
      return includeRaw ? { raw, parsed } : parsed;
    } catch (error) {
      if (includeRaw) return { raw, parsed: null };
      throw error;
    }
  });
}

function argumentsOf({ tool_calls = [], text }: AIMessageChunk, name: string): unknown {
  const call = tool_calls.find((made) => made.name === name);
  if (call === undefined) throw new OutputParserException(`The model did not call "${name}".`, text);
  return call.args;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new OutputParserException(`The model's reply is not JSON: ${String(cause)}`, text);
  }
}

async function validated(value: unknown, schema: object): Promise<unknown> {
  if (!isInteropZodSchema(schema)) return value;
  const result = await interopSafeParseAsync(schema, value);
  if (result.success) return result.data;
  throw new OutputParserException(
    `The model's reply does not fit: ${result.error.issues.map(({ message }) => message).join("; ")}`,
    JSON.stringify(value),
  );
}
