import { BaseChatModel, type BindToolsInput } from "@langchain/core/language_models/chat_models";
import { AIMessageChunk, type AIMessageChunkFields, type BaseMessage } from "@langchain/core/messages";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";
import { convertToOpenAITool } from "@langchain/core/utils/function_calling";

/** What the model was asked, as far as attacks look at it. */
export interface SeenRequest {
  readonly system: string;
  readonly user: string;
  /** Messages in it. */
  readonly messages: number;
  /** The tool that it has to call; absent where it answers in text. */
  readonly tool?: string | undefined;
  /** Whether a response format was asked for. */
  readonly formatted: boolean;
  /** Calls before this one. */
  readonly index: number;
}

/** What it says: a text, or an object in the form asked for. */
export interface SaidAnswer {
  readonly text?: string | undefined;
  readonly json?: object | undefined;
  /** True where it was cut at its limit. */
  readonly cut?: boolean | undefined;
}

interface CallOptions {
  tools?: BindToolsInput[];
  response_format?: unknown;
}

/**
 * A scripted chat model that gives its answer in one chunk: thousands of runs against `scriptedModel`, which streams word
 * by word, would take minutes.
 */
export class OneChunkModel extends BaseChatModel {
  readonly requests: SeenRequest[] = [];

  constructor(private readonly answer: (request: SeenRequest) => SaidAnswer) {
    super({});
  }

  override _llmType(): string {
    return "one-chunk";
  }

  override bindTools(tools: BindToolsInput[]) {
    return this.withConfig({ tools: tools.map((tool) => convertToOpenAITool(tool)) } as object);
  }

  override async _generate(): Promise<ChatResult> {
    throw new Error("The policies stream; nothing else is scripted.");
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
  ): AsyncGenerator<ChatGenerationChunk> {
    const { tools = [], response_format } = options as CallOptions;
    const [system = "", user = ""] = messages.map(({ text }) => text);
    const tool = tools[0] === undefined ? undefined : convertToOpenAITool(tools[0]).function.name;
    const index = this.requests.length;
    const request = { system, user, messages: messages.length, tool, formatted: response_format !== undefined, index };
    this.requests.push(request);
    const { text = "", json, cut = false } = this.answer(request);
    const called = json !== undefined && tool !== undefined;
    const said = json === undefined ? text : JSON.stringify(json);
    const [input, output] = [messages.reduce((sum, one) => sum + tokensOf(one.text), 0), tokensOf(said)];
    const call = { name: tool, args: said, id: "call", index: 0, type: "tool_call_chunk" as const };
    // LangChain's types make `usage_metadata` impossible to set under `exactOptionalPropertyTypes`
    const fields: object = {
      content: called ? "" : said,
      tool_call_chunks: called ? [call] : [],
      usage_metadata: { input_tokens: input, output_tokens: output, total_tokens: input + output },
      response_metadata: { finish_reason: cut ? "length" : called ? "tool_calls" : "stop" },
    };
    const message = new AIMessageChunk(fields as AIMessageChunkFields);
    yield new ChatGenerationChunk({ text: called ? "" : said, message });
  }
}

/** About what a tokeniser makes of a text. */
const tokensOf = (text: string): number => Math.ceil(text.length / 4);
