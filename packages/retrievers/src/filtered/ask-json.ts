import {
  addUsage,
  type Call,
  type Capabilities,
  type JsonObject,
  type JsonValue,
  type Note,
  note,
  noUsage,
  raceSignal,
  type Usage,
  untilAborted,
} from "@clew/core";
import { estimateTokens } from "@clew/core/text";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessageChunk, HumanMessage, SystemMessage, type UsageMetadata } from "@langchain/core/messages";
import type { RunnableConfig } from "@langchain/core/runnables";

/** Options of {@link askJson}. */
export interface AskJsonOptions<T> {
  readonly model: BaseChatModel;
  readonly capabilities: Capabilities;
  /** Names the answer for the model, and the calls in a journal. */
  readonly name: string;
  /** Where in a run it is asked: equal prompts share a branch. */
  readonly branch: string;
  readonly system: string;
  readonly user: string;
  readonly schema: Readonly<Record<string, unknown>>;
  /** The answer, or what is wrong with it. */
  readonly read: (answer: unknown) => { readonly value: T } | { readonly wrong: string };
  /** Most tokens of an answer. */
  readonly maxTokens: number;
  readonly signal: AbortSignal | undefined;
  readonly call: Call | undefined;
  readonly config: RunnableConfig | undefined;
}

/** What came of it. */
export interface JsonAnswer<T> {
  /** Undefined: there is none, and `reason` says why. */
  readonly value: T | undefined;
  readonly reason: string;
  readonly usage: Usage;
  readonly notes: readonly Note[];
}

type Method = "jsonSchema" | "tool" | "jsonMode" | "prompted";

/** Characters that a token holds at most, in prose. */
const charsPerToken = 8;
/** Tokens that chat formats add to a request. */
const overhead = 200;

/**
 * Asks a chat model for an object, by the method that it can do: a JSON schema, a forced tool call, JSON mode, or in words.
 * The answer is always validated here; one that does not fit is sent back once. Models are streamed, since adapters that
 * parse by themselves repeat and bill what does not parse.
 *
 * @throws the signal's reason
 */
export async function askJson<T>(options: AskJsonOptions<T>): Promise<JsonAnswer<T>> {
  const { model, name, branch, system, read, maxTokens, signal, call } = options;
  const methods = methodsFor(options.capabilities, typeof model.bindTools === "function");
  const notes: Note[] = [];
  let usage = noUsage;
  let user = options.user;
  let reason = "";
  let repaired = false;
  for (let at = 0, ordinal = 0; at < methods.length; ordinal++) {
    const method = methods[at]!;
    const asked =
      method === "tool"
        ? system
        : `${system}\n\nAnswer with one JSON object and nothing else. Its JSON schema:\n${JSON.stringify(options.schema)}`;
    const inputTokens = estimateTokens(asked + user) + overhead;
    const reservation = call?.meter.reserve({ inputTokens, outputTokens: maxTokens, calls: 1 });
    if (reservation !== undefined && "refused" in reservation) {
      return { value: undefined, reason: `the budget of ${reservation.refused.join(", ")} is used up`, usage, notes };
    }
    let reply: Reply;
    try {
      const send = (): Promise<Reply> => ask(options, method, asked, user);
      reply =
        call === undefined ? await send() : await call.journal.once({ node: name, branch, ordinal }, "model", send);
    } catch (error) {
      // the request was sent, whoever gave it up
      const sent = { ...noUsage, inputTokens, calls: 1 };
      reservation?.settle(sent);
      usage = addUsage(usage, sent);
      signal?.throwIfAborted();
      reason = error instanceof Error ? error.message : String(error);
      at += 1;
      continue;
    }
    const spent = { ...noUsage, calls: 1, inputTokens: reply.inputTokens, outputTokens: reply.outputTokens };
    reservation?.settle(spent);
    usage = addUsage(usage, spent);
    const answer = read(reply.args ?? jsonIn(reply.text));
    if ("value" in answer) {
      if (repaired)
        notes.push(note("repaired", `The model's answer (${name}) was asked for a second time: ${reason}.`));
      return { value: answer.value, reason: "", usage, notes };
    }
    reason = answer.wrong;
    if (repaired) break;
    repaired = true;
    user = `${options.user}\n\nYour last answer was not of the form asked for (${reason}). Answer again, in that form only.`;
    // the model that did not call its tool is asked in words
    if (method === "tool" && reply.args === null) at = methods.length - 1;
  }
  return { value: undefined, reason, usage, notes };
}

/** What the model is known to do best comes first, and alone; of what is unknown, tool calls, then JSON mode. */
function methodsFor({ jsonSchema, tools, jsonMode }: Capabilities, canBindTools: boolean): readonly Method[] {
  if (jsonSchema === true) return ["jsonSchema", "prompted"];
  if (tools === true && canBindTools) return ["tool", "prompted"];
  if (jsonMode === true) return ["jsonMode", "prompted"];
  return [
    ...(tools === undefined && canBindTools ? (["tool"] as const) : []),
    ...(jsonMode === undefined ? (["jsonMode"] as const) : []),
    "prompted",
  ];
}

interface Reply extends JsonObject {
  readonly text: string;
  /** Arguments of the tool call; null without one that is whole. */
  readonly args: JsonValue;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** The part of a chat model that is used. */
interface Streams {
  stream(messages: (SystemMessage | HumanMessage)[], config?: RunnableConfig): Promise<AsyncIterable<AIMessageChunk>>;
}

async function ask<T>(options: AskJsonOptions<T>, method: Method, system: string, user: string): Promise<Reply> {
  const { model, name, schema, maxTokens, signal, config, call } = options;
  const around = config ?? call?.config;
  const stream = bindForm(model, method, name, schema).stream([new SystemMessage(system), new HumanMessage(user)], {
    ...around,
    runName: name,
    tags: [...(around?.tags ?? []), "nostream"],
    ...(signal === undefined ? {} : { signal }),
  });
  let message: AIMessageChunk = new AIMessageChunk("");
  const texts: string[] = [];
  let length = 0;
  let whole: JsonValue = null;
  for await (const chunk of untilAborted(await raceSignal(stream, signal), signal)) {
    texts.push(chunk.text);
    length += chunk.text.length;
    const { tool_call_chunks = [], tool_calls = [], usage_metadata } = chunk;
    // a model that does not stream gives its message, with its calls, in one piece
    if (tool_call_chunks.length === 0 && tool_calls.length > 0) whole = tool_calls[0]!.args as JsonValue;
    if (tool_call_chunks.length > 0 || usage_metadata !== undefined) {
      message = message.concat(
        new AIMessageChunk({
          content: "",
          tool_call_chunks,
          ...(usage_metadata === undefined ? {} : { usage_metadata }),
        }),
      );
    }
    if (length > maxTokens * charsPerToken) break;
  }
  const text = texts.join("");
  const args = whole ?? parsed(message.tool_call_chunks?.[0]?.args);
  const counted = countedIn(message);
  return {
    text,
    args,
    inputTokens: counted?.input_tokens ?? estimateTokens(system + user),
    outputTokens: counted?.output_tokens ?? estimateTokens(args === null ? text : JSON.stringify(args)),
  };
}

const countedIn = ({ usage_metadata }: { usage_metadata?: UsageMetadata | undefined }): UsageMetadata | undefined =>
  usage_metadata;

function bindForm(model: BaseChatModel, method: Method, name: string, schema: object): Streams {
  switch (method) {
    case "jsonSchema":
      return model.withConfig({
        response_format: { type: "json_schema", json_schema: { name, strict: true, schema } },
      } as object);
    case "tool":
      return model.bindTools!(
        [{ type: "function", function: { name, description: "Gives the answer.", parameters: schema } }],
        { tool_choice: name } as object,
      );
    case "jsonMode":
      return model.withConfig({ response_format: { type: "json_object" } } as object);
    case "prompted":
      return model;
  }
}

function parsed(json: string | undefined): JsonValue {
  if (json === undefined) return null;
  try {
    return JSON.parse(json) as JsonValue;
  } catch {
    // half a call: whoever reads the answer says that it does not fit
    return null;
  }
}

/** The JSON object in a text: alone, in a code fence, or amid prose. */
function jsonIn(text: string): unknown {
  const start = text.indexOf("{");
  const end = text.lastIndexOf("}");
  return start === -1 || end < start ? undefined : parsed(text.slice(start, end + 1));
}
