import { invalidOption } from "@clew/core";
import type { BaseLanguageModelInput, StructuredOutputMethodOptions } from "@langchain/core/language_models/base";
import { type AIMessageChunk, HumanMessage, SystemMessage } from "@langchain/core/messages";
import { OutputParserException } from "@langchain/core/output_parsers";
import { type Runnable, RunnableLambda } from "@langchain/core/runnables";
import { toJsonSchema } from "@langchain/core/utils/json_schema";
import { interopSafeParseAsync, isInteropZodSchema } from "@langchain/core/utils/types";
import type { EndpointModel } from "./endpoint-model.js";
import { jsonIn } from "./json-in.js";

type Method = "jsonSchema" | "functionCalling" | "jsonMode" | "prompted";

/**
 * Structured output by the strictest method that the model is known to do: JSON schema, tool call, JSON mode; else it is
 * asked for in words. What comes is validated against zod schemas whatever the server promises.
 */
export function structuredOutput(
  model: EndpointModel,
  schema: object,
  { name = "extract", method, includeRaw = false }: StructuredOutputMethodOptions<boolean>,
): Runnable<BaseLanguageModelInput, unknown> {
  const shape = toJsonSchema(schema as Record<string, unknown>);
  const chosen = method === undefined ? bestMethod(model) : checked(method);
  const inWords = `Answer with one JSON object and nothing else. Its JSON schema:\n${JSON.stringify(shape)}`;
  const bound =
    chosen === "functionCalling"
      ? model.bindTools!(
          [{ type: "function", function: { name, description: "Gives the answer.", parameters: shape } }],
          {
            tool_choice: name,
          },
        )
      : chosen === "jsonSchema"
        ? model.withConfig({
            response_format: { type: "json_schema", json_schema: { name, schema: shape, strict: true } },
          })
        : chosen === "jsonMode"
          ? model.withConfig({ response_format: { type: "json_object" } })
          : model;
  return RunnableLambda.from(async (input: BaseLanguageModelInput, config) => {
    const told = chosen === "functionCalling" || chosen === "jsonSchema" ? input : withWords(input, inWords);
    const raw: AIMessageChunk = await bound.invoke(told, config);
    try {
      const parsed = await validated(givenIn(raw, chosen, name), schema);
      return includeRaw ? { raw, parsed } : parsed;
    } catch (error) {
      if (includeRaw) return { raw, parsed: null };
      throw error;
    }
  });
}

function bestMethod({ capabilities }: EndpointModel): Method {
  if (capabilities.jsonSchema === true) return "jsonSchema";
  if (capabilities.tools === true) return "functionCalling";
  return capabilities.jsonMode === true ? "jsonMode" : "prompted";
}

function checked(method: string): Method {
  if (method === "jsonSchema" || method === "functionCalling" || method === "jsonMode") return method;
  throw invalidOption("method", "jsonSchema, functionCalling or jsonMode", method);
}

function withWords(input: BaseLanguageModelInput, words: string): BaseLanguageModelInput {
  const messages =
    typeof input === "string" ? [new HumanMessage(input)] : Array.isArray(input) ? input : input.toChatMessages();
  return [...messages, new SystemMessage(words)] as BaseLanguageModelInput;
}

function givenIn({ tool_calls = [], text }: AIMessageChunk, method: Method, name: string): unknown {
  if (method !== "functionCalling") {
    const value = jsonIn(text);
    if (value === undefined) throw new OutputParserException("The model's reply holds no JSON.", text);
    return value;
  }
  const call = tool_calls.find((made) => made.name === name);
  if (call === undefined) throw new OutputParserException(`The model did not call "${name}".`, text);
  return call.args;
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
