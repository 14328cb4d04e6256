import { ApiError } from "./api-error.js";
import type { ChatRequest, ChatRequestMessage } from "./chat-request.js";
import type { CompletionRequest, JsonSchema, OutputFormat, PromptMessage } from "./completion-engine.js";

/** What a finished text is to the caller. */
export type Reply =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "call"; readonly name: string; readonly arguments: string };

/** A request as the engine gets it, and how its text is read. */
export interface PlannedCompletion {
  readonly request: CompletionRequest;
  /** Whether text can be handed on as it comes: as content, or as arguments of the tool named; `undefined`: only whole. */
  readonly streams: "content" | { readonly arguments: string } | undefined;
  /** Reads the whole text. One that was cut off comes as it is. */
  read(text: string): Reply;
}

/** Options of {@link planCompletion}. */
export interface PlanCompletionOptions {
  /** Most tokens of an answer where the request sets none. */
  readonly defaultMaxTokens: number;
}

type Tool = NonNullable<ChatRequest["tools"]>[number]["function"];

/** Turns a request into a prompt and a format that the text is held to. */
export function planCompletion(chat: ChatRequest, { defaultMaxTokens }: PlanCompletionOptions): PlannedCompletion {
  const tools = (chat.tools ?? []).map((tool) => tool.function);
  const wanted = chat.tool_choice ?? (tools.length > 0 ? "auto" : "none");
  if (typeof wanted === "object") find(tools, wanted.function.name);
  if (wanted !== "none" && wanted !== "auto" && tools.length === 0) {
    throw new ApiError("tool_choice needs tools.", { param: "tool_choice" });
  }
  const callable = typeof wanted === "object" ? [find(tools, wanted.function.name)] : wanted === "none" ? [] : tools;
  const request = (format: OutputFormat, aside?: string): CompletionRequest => ({
    model: chat.model,
    messages: prompt(chat.messages, aside),
    format,
    maxTokens: chat.max_completion_tokens ?? chat.max_tokens ?? defaultMaxTokens,
    temperature: chat.temperature ?? 1,
    topP: chat.top_p ?? 1,
    seed: chat.seed ?? undefined,
    stop: typeof chat.stop === "string" ? [chat.stop] : (chat.stop ?? []),
  });

  if (callable.length === 0) {
    return { request: request(formatOf(chat)), streams: "content", read: (text) => ({ kind: "text", text }) };
  }
  if (chat.response_format != null && chat.response_format.type !== "text") {
    throw new ApiError("response_format cannot be combined with tools that may be called.", {
      param: "response_format",
      code: "unsupported_value",
    });
  }
  const forced = callable.length === 1 && wanted !== "auto" ? callable[0] : undefined;
  if (forced !== undefined) {
    return {
      request: request({ kind: "schema", schema: parametersOf(forced) }, describe(callable)),
      streams: { arguments: forced.name },
      read: (text) => ({ kind: "call", name: forced.name, arguments: text }),
    };
  }
  const options = callable.map((tool) => envelope(tool.name, parametersOf(tool)));
  if (wanted === "auto") options.push(envelope(null, saying));
  return {
    request: request({ kind: "schema", schema: { anyOf: options } }, describe(callable)),
    streams: undefined,
    read,
  };
}

function formatOf({ response_format: format }: ChatRequest): OutputFormat {
  if (format?.type === "json_schema") return { kind: "schema", schema: format.json_schema.schema };
  return { kind: format?.type === "json_object" ? "json" : "text" };
}

const noParameters: JsonSchema = { type: "object", properties: {} };
const parametersOf = ({ parameters }: Tool): JsonSchema => parameters ?? noParameters;

/** What a model writes that says something instead of calling. */
const saying: JsonSchema = { type: "object", properties: { text: { type: "string" } }, required: ["text"] };

const envelope = (name: string | null, parameters: JsonSchema): JsonSchema => ({
  type: "object",
  properties: { tool: { const: name }, arguments: parameters },
  required: ["tool", "arguments"],
});

function read(text: string): Reply {
  try {
    const { tool, arguments: given } = JSON.parse(text) as { tool: string | null; arguments: { text?: string } };
    if (tool === null) return { kind: "text", text: given.text ?? "" };
    return { kind: "call", name: tool, arguments: JSON.stringify(given) };
  } catch {
    // cut off at the token limit: what there is goes out as text, and finish_reason "length" says why
    return { kind: "text", text };
  }
}

function find(tools: readonly Tool[], name: string): Tool {
  const tool = tools.find((one) => one.name === name);
  if (tool === undefined)
    throw new ApiError(`tool_choice names "${name}", which is no tool.`, { param: "tool_choice" });
  return tool;
}

const describe = (tools: readonly Tool[]): string =>
  ["Tools:", ...tools.map(({ name, description }) => `${name}: ${description ?? "no description"}`)].join("\n");

function prompt(messages: readonly ChatRequestMessage[], aside: string | undefined): PromptMessage[] {
  const named = new Map<string, string>();
  const told = messages.flatMap((message): PromptMessage[] => {
    if (message.role === "tool") {
      const name = named.get(message.tool_call_id);
      if (name === undefined) {
        throw new ApiError(`No tool call has the id "${message.tool_call_id}".`, { param: "messages" });
      }
      return [{ role: "user", text: `Result of ${name}:\n${textOf(message.content)}` }];
    }
    if (message.role !== "assistant") {
      return [{ role: message.role === "user" ? "user" : "system", text: textOf(message.content) }];
    }
    const calls = (message.tool_calls ?? []).map(({ id, function: { name, arguments: given } }) => {
      named.set(id, name);
      return `Called ${name}: ${given}`;
    });
    return [
      { role: "assistant", text: [textOf(message.content ?? ""), ...calls].filter((text) => text !== "").join("\n") },
    ];
  });
  return aside === undefined ? told : [{ role: "system", text: aside }, ...told];
}

const textOf = (content: string | readonly { readonly text: string }[]): string =>
  typeof content === "string" ? content : content.map(({ text }) => text).join("");
