import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import type { BaseLanguageModelInput, StructuredOutputMethodOptions } from "@langchain/core/language_models/base";
import { BaseChatModel, type BindToolsInput } from "@langchain/core/language_models/chat_models";
import { AIMessage, type AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import type { ChatGenerationChunk, ChatResult } from "@langchain/core/outputs";
import type { Runnable } from "@langchain/core/runnables";
import { convertToOpenAITool } from "@langchain/core/utils/function_calling";
import { ClewError } from "../errors/clew-error.js";
import { sleep } from "../search/sleep.js";
import type { ScriptedAnswer, ScriptedRequest } from "./scripted-answer.js";
import type { ScriptedCallOptions } from "./scripted-call-options.js";
import { asFields, chunksOf, messageOf } from "./scripted-message.js";
import { structuredOutput } from "./scripted-structured-output.js";

/** Options of {@link scriptedModel}. */
export interface ScriptedModelOptions {
  /** One answer a call, in order, or a function that gives each. A call beyond the list fails. */
  answers: readonly ScriptedAnswer[] | ((request: ScriptedRequest) => ScriptedAnswer | Promise<ScriptedAnswer>);
  /** Name in traces and response metadata. @default "scripted" */
  model?: string | undefined;
}

/** A chat model whose answers are known, and that remembers what it was asked. */
export interface ScriptedModel extends BaseChatModel<ScriptedCallOptions> {
  /** Every call so far, in order. */
  readonly calls: readonly ScriptedRequest[];
}

/**
 * A LangChain chat model for tests. It streams word by word (tool calls as chunks of their arguments), counts tokens in
 * `usage_metadata`, honours the signal, binds tools, and gives structured output by tool call, JSON mode or JSON
 * schema, validated against zod schemas as a good provider's adapter would.
 */
export const scriptedModel = (options: ScriptedModelOptions): ScriptedModel => new Scripted(options);

class Scripted extends BaseChatModel<ScriptedCallOptions> implements ScriptedModel {
  readonly calls: ScriptedRequest[] = [];
  readonly model: string;
  readonly maxTokens: number | undefined = undefined;
  private readonly answers: ScriptedModelOptions["answers"];

  constructor({ answers, model = "scripted" }: ScriptedModelOptions) {
    super({});
    this.answers = answers;
    this.model = model;
  }

  static override lc_name(): string {
    return "ScriptedModel";
  }

  override _llmType(): string {
    return "scripted";
  }

  override _combineLLMOutput(): Record<string, never> {
    return {};
  }

  override bindTools(
    tools: BindToolsInput[],
    kwargs: Partial<ScriptedCallOptions> = {},
  ): Runnable<BaseLanguageModelInput, AIMessageChunk, ScriptedCallOptions> {
    return this.withConfig({ tools: tools.map((tool) => convertToOpenAITool(tool)), ...kwargs });
  }

  // `never` stands for each of the outputs that the base class's overloads promise
  override withStructuredOutput(
    schema: object,
    options: StructuredOutputMethodOptions<boolean> = {},
  ): Runnable<BaseLanguageModelInput, never> {
    return structuredOutput(this, schema, options) as Runnable<BaseLanguageModelInput, never>;
  }

  override async _generate(messages: BaseMessage[], options: this["ParsedCallOptions"]): Promise<ChatResult> {
    const { answer, request } = await this.answer(messages, options, false);
    const message = messageOf(answer, request, this.model);
    return { generations: [{ text: message.text, message: new AIMessage(asFields(message)) }], llmOutput: {} };
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const { answer, request } = await this.answer(messages, options, true);
    const delayMs = typeof answer === "string" ? 0 : (answer.delayMs ?? 0);
    for (const chunk of chunksOf(messageOf(answer, request, this.model))) {
      options.signal?.throwIfAborted();
      if (delayMs > 0) await sleep(delayMs, options.signal);
      yield chunk;
      await runManager?.handleLLMNewToken(chunk.text, undefined, undefined, undefined, undefined, { chunk });
    }
  }

  private async answer(
    messages: BaseMessage[],
    { tools = [], tool_choice, response_format, stop = [], signal }: this["ParsedCallOptions"],
    streamed: boolean,
  ): Promise<{ answer: Exclude<ScriptedAnswer, Error>; request: ScriptedRequest }> {
    signal?.throwIfAborted();
    const names = tools.map((tool) => convertToOpenAITool(tool).function.name);
    const request: ScriptedRequest = {
      messages: [...messages],
      tools: names,
      forced: forcedTool(tool_choice, names),
      responseFormat: response_format,
      stop,
      maxTokens: this.maxTokens,
      streamed,
      index: this.calls.length,
    };
    this.calls.push(request);
    const answer = typeof this.answers === "function" ? await this.answers(request) : this.answers[request.index];
    if (answer === undefined) {
      throw new ClewError("model-failed", `The script has no answer for call ${request.index + 1}; add one.`);
    }
    if (answer instanceof Error) throw answer;
    if (!streamed && typeof answer !== "string" && answer.delayMs !== undefined) await sleep(answer.delayMs, signal);
    signal?.throwIfAborted();
    return { answer, request };
  }
}

/** The one tool that `tool_choice` names; of "any" and "required", the first. */
function forcedTool(choice: unknown, names: readonly string[]): string | undefined {
  if (choice === "any" || choice === "required") return names[0];
  if (typeof choice === "string") return names.find((name) => name === choice);
  const wanted = (choice as { function?: { name?: string } } | undefined)?.function?.name;
  return names.find((name) => name === wanted);
}
