import { ClewError, invalidOption } from "@clew/core";
import { toJsonSchema } from "@langchain/core/utils/json_schema";
import type { LiveRequest, LiveTool } from "./live-function.js";

/** Makes the input of a tool. */
export type ToolInput = (query: string, request: LiveRequest) => Readonly<Record<string, unknown>>;

/** Names under which tools take a question. */
const questionNames = ["query", "input", "question", "q", "search_query", "searchQuery", "search", "text"];

export const isLiveTool = (value: unknown): value is LiveTool =>
  typeof value === "object" &&
  value !== null &&
  "name" in value &&
  typeof value.name === "string" &&
  "invoke" in value &&
  typeof value.invoke === "function";

/**
 * A function that calls a LangChain tool and gives its artifact, else its content: parsed where it is JSON.
 *
 * @param input makes the tool's input; by default the query goes into the field of that or a like name, or into the
 *   only field that must be given
 * @throws ClewError `invalid-option` when nothing says where the query goes
 */
export function toolFunction(
  tool: LiveTool,
  input: ToolInput | undefined,
): (query: string, request: LiveRequest) => Promise<unknown> {
  const inputOf = input ?? defaultInput(tool);
  return async (query, request) => {
    const call = { name: tool.name, args: inputOf(query, request), id: "clew-live", type: "tool_call" };
    const answer: unknown = await tool.invoke(call as never, { ...request.config, signal: request.signal });
    // what did not come from LangChain's own wrapper is the output itself
    if (!isMessage(answer)) return typeof answer === "string" ? jsonOrText(answer) : answer;
    const text = textOf(answer.content);
    if (answer.status === "error") {
      throw new ClewError("retriever-failed", `The tool ${tool.name} answered with an error: ${text}`);
    }
    return answer.artifact ?? jsonOrText(text);
  };
}

interface Message {
  readonly content: unknown;
  readonly artifact?: unknown;
  readonly status?: unknown;
}

const isMessage = (value: unknown): value is Message =>
  typeof value === "object" && value !== null && "content" in value && "tool_call_id" in value;

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content
    .map((block: { text?: unknown }) => block?.text)
    .filter((text) => typeof text === "string")
    .join("\n");
}

/** Longest text that is tried as JSON: parsing holds the event loop. */
const longestJson = 2_000_000;

/** Tools mostly answer in text, and put structure into it as JSON. */
function jsonOrText(text: string): unknown {
  const trimmed = text.trim();
  if (!/^[[{]/.test(trimmed) || trimmed.length > longestJson) return text;
  try {
    return JSON.parse(trimmed);
  } catch {
    // a text that begins with a bracket
    return text;
  }
}

function defaultInput(tool: LiveTool): ToolInput {
  const schema = (tool.schema === undefined ? {} : toJsonSchema(tool.schema as never)) as {
    properties?: Record<string, unknown>;
    required?: string[];
  };
  const { properties = {}, required = [] } = schema;
  const field =
    questionNames.find((name) => Object.hasOwn(properties, name) && required.every((other) => other === name)) ??
    (required.length === 1 ? required[0] : undefined) ??
    (required.length === 0 && Object.keys(properties).length === 1 ? Object.keys(properties)[0] : undefined);
  if (field === undefined) {
    const fields = Object.keys(properties).join(", ") || "none that are known";
    throw invalidOption("input", `a function that makes the input of the tool ${tool.name} (its fields: ${fields})`);
  }
  return (query) => ({ [field]: query });
}
