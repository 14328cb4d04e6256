import type { Capabilities } from "@clew/core";
import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import type { BaseLanguageModelInput, StructuredOutputMethodOptions } from "@langchain/core/language_models/base";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { BaseMessage } from "@langchain/core/messages";
import type { ChatGenerationChunk, ChatResult } from "@langchain/core/outputs";
import type { Runnable } from "@langchain/core/runnables";
import type { EndpointInfo, ServerDescription } from "./endpoint-info.js";
import { type EndpointChange, EndpointModel } from "./endpoint-model.js";
import { emptyDescription } from "./kinds/describe.js";
import { structuredOutput } from "./structured-output.js";
import type { Gate } from "./wire/gate.js";

/** What {@link overChat} stands on. */
export interface OverChatOptions {
  readonly info: EndpointInfo;
  /** Makes the chat model, once for each number of repetitions that it is to make by itself. */
  readonly make: (settings: { readonly maxRetries: number }) => BaseChatModel;
  readonly capabilities: Capabilities;
  /** @default the model's own */
  readonly maxTokens?: number | undefined;
  readonly maxRetries: number;
  /** Requests at once; variations share it. */
  readonly gate: Gate;
  readonly vary: (change: EndpointChange) => EndpointModel | undefined;
}

/**
 * An endpoint over a chat model that speaks to its server by itself, such as SageMaker's over the AWS SDK. The model
 * takes `maxTokens` as a call option and leaves in `response_metadata` what {@link EndpointModel}s do.
 */
export const overChat = (options: OverChatOptions): EndpointModel => new OverChat(options);

class OverChat extends EndpointModel {
  readonly endpoint: EndpointInfo;
  readonly model: string;
  readonly capabilities: Capabilities;
  /** Read with each request, like the next, so that a view of the model may lower it. */
  readonly maxTokens: number | undefined;
  readonly maxRetries: number;
  /** A closure, so that a view that inherits from the model has it too. */
  private readonly chat!: (maxRetries: number) => BaseChatModel;
  private readonly varied!: OverChatOptions["vary"];
  private readonly places!: () => Gate;

  constructor({ info, make, capabilities, maxTokens, maxRetries, gate, vary }: OverChatOptions) {
    super({ maxRetries });
    this.endpoint = Object.freeze({ ...info });
    this.model = info.model;
    this.maxTokens = maxTokens;
    this.maxRetries = maxRetries;
    const made = new Map<number, BaseChatModel>();
    const chat = (retries: number): BaseChatModel => {
      const found = made.get(retries) ?? make({ maxRetries: retries });
      made.set(retries, found);
      return found;
    };
    Object.defineProperty(this, "chat", { value: chat });
    Object.defineProperty(this, "varied", { value: vary });
    Object.defineProperty(this, "places", { value: () => gate });
    const bindsTools = typeof chat(maxRetries).bindTools === "function";
    this.capabilities = Object.freeze({ ...capabilities, ...(bindsTools ? {} : { tools: false }) });
  }

  static override lc_name(): string {
    return "ClewEndpoint";
  }

  override _llmType(): string {
    // the base class asks before there is one
    return (this.endpoint as EndpointInfo | undefined)?.kind ?? "endpoint";
  }

  override vary(change: EndpointChange): EndpointModel | undefined {
    return this.varied(change);
  }

  override async describe(): Promise<ServerDescription> {
    return emptyDescription;
  }

  // `never` stands for each of the outputs that the base class's overloads promise
  override withStructuredOutput(
    schema: object,
    options: StructuredOutputMethodOptions<boolean> = {},
  ): Runnable<BaseLanguageModelInput, never> {
    return structuredOutput(this, schema, options) as Runnable<BaseLanguageModelInput, never>;
  }

  override async _generate(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): Promise<ChatResult> {
    const leave = await this.places().enter(options.signal);
    try {
      return await this.chat(this.maxRetries)._generate(messages, this.limited(options), runManager);
    } finally {
      leave();
    }
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const leave = await this.places().enter(options.signal);
    try {
      yield* this.chat(this.maxRetries)._streamResponseChunks(messages, this.limited(options), runManager);
    } finally {
      leave();
    }
  }

  private limited(options: this["ParsedCallOptions"]): this["ParsedCallOptions"] {
    const maxTokens = options.maxTokens ?? this.maxTokens;
    return maxTokens === undefined ? options : { ...options, maxTokens };
  }
}
