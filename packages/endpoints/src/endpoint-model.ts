import { type Capabilities, ClewError } from "@clew/core";
import type { BaseLanguageModelInput } from "@langchain/core/language_models/base";
import { BaseChatModel, type BindToolsInput } from "@langchain/core/language_models/chat_models";
import type { AIMessageChunk } from "@langchain/core/messages";
import type { Runnable } from "@langchain/core/runnables";
import { convertToOpenAITool } from "@langchain/core/utils/function_calling";
import type { EndpointCallOptions } from "./endpoint-call-options.js";
import type { EndpointInfo, ServerDescription } from "./endpoint-info.js";

/** What can be changed about an endpoint. */
export interface EndpointChange {
  readonly api?: "chat" | "completions" | undefined;
  readonly streamUsage?: boolean | undefined;
  readonly capabilities?: Capabilities | undefined;
}

/** A LangChain chat model that says what it is and what is known of its abilities. */
export abstract class EndpointModel extends BaseChatModel<EndpointCallOptions, AIMessageChunk> {
  /** What it is. */
  abstract readonly endpoint: EndpointInfo;
  /** The name of the model that is asked for, where LangChain looks for it. */
  abstract readonly model: string;
  /** What is known of its abilities: what its protocol rules out, and what the user declared or a probe found. */
  abstract readonly capabilities: Capabilities;
  /**
   * The same endpoint, otherwise spoken to, or with abilities that a probe found in place of those declared.
   *
   * @returns undefined where this kind of server cannot be spoken to so
   */
  abstract vary(change: EndpointChange): EndpointModel | undefined;
  /**
   * Asks the server about itself: models, adapters, context, revision. No model is called. What it told is kept.
   *
   * @throws ClewError `service-refused`, `timed-out`; the signal's reason
   */
  abstract describe(options?: { readonly signal?: AbortSignal | undefined }): Promise<ServerDescription>;

  override bindTools(
    tools: BindToolsInput[],
    kwargs: Partial<EndpointCallOptions> = {},
  ): Runnable<BaseLanguageModelInput, AIMessageChunk, EndpointCallOptions> {
    if (this.capabilities.tools === false) {
      throw new ClewError(
        "invalid-option",
        `${this.endpoint.kind}:${this.model} calls no tools: ask for JSON in its prompt, or declare capabilities: { tools: true } if it does.`,
      );
    }
    return this.withConfig({ tools: tools.map((tool) => convertToOpenAITool(tool)), ...kwargs });
  }

  /** True across duplicate copies of the package, where `instanceof` fails. */
  static isInstance(value: unknown): value is EndpointModel {
    return typeof value === "object" && value !== null && "endpoint" in value && "vary" in value && "describe" in value;
  }
}
