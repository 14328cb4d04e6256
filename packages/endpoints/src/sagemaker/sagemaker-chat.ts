import {
  ClewError,
  invalidOption,
  type Note,
  sleep as realSleep,
  redact,
  type ServedMetadata,
  systemRuntime,
  untilAborted,
} from "@clew/core";
import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import type { BaseLanguageModelInput } from "@langchain/core/language_models/base";
import {
  BaseChatModel,
  type BaseChatModelCallOptions,
  type BindToolsInput,
} from "@langchain/core/language_models/chat_models";
import { AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";
import type { Runnable } from "@langchain/core/runnables";
import { convertToOpenAITool } from "@langchain/core/utils/function_calling";
import { chunkFields } from "../chunk-fields.js";
import { type Watchdog, watchdog } from "../watchdog.js";
import { type Gate, gate } from "../wire/gate.js";
import type { BodyPiece, BodySettings, BodyStyle } from "./body-style.js";
import { jsonEvents } from "./json-events.js";
import { messagesStyle } from "./messages-style.js";
import { openSagemaker, type SagemakerInput, type SagemakerRuntime } from "./sagemaker-client.js";
import { sagemakerFailure } from "./sagemaker-failure.js";
import { type SagemakerChatOptions, type SettledOptions, settledOptions } from "./sagemaker-options.js";
import { djlStyle, plainPrompt, tgiStyle } from "./text-styles.js";
import { type Repeated, untilFirstToken } from "./until-first-token.js";

const styles: Readonly<Record<BodyStyle["name"], BodyStyle>> = {
  messages: messagesStyle,
  tgi: tgiStyle,
  djl: djlStyle,
};
/** Options of one call of {@link SagemakerChat}, beside LangChain's own. */
export interface SagemakerCallOptions extends BaseChatModelCallOptions {
  tools?: BindToolsInput[] | undefined;
  response_format?: unknown;
  /** Most tokens of the answer. */
  maxTokens?: number | undefined;
  temperature?: number | undefined;
}

/**
 * A SageMaker endpoint as a LangChain chat model. Made by {@link sagemakerChat}.
 *
 * The first chunk of a stream, or the message, says in its `response_metadata` what served it (`served`: endpoint,
 * component, adapter, and as revision the variant that answered), the `requests` sent and `notes` of repetitions.
 */
export interface SagemakerChat extends BaseChatModel<SagemakerCallOptions> {
  /** `sagemaker:ENDPOINT`, with `/COMPONENT` and `#ADAPTER` where given. */
  readonly model: string;
}

/**
 * Makes a chat model of a SageMaker endpoint: `InvokeEndpoint`, and `InvokeEndpointWithResponseStream` for streams,
 * signed by the AWS SDK (`@aws-sdk/client-sagemaker-runtime`, loaded on first use). Failures before the first token are
 * repeated; a stream that breaks off later is an error, so that no text comes twice.
 *
 * @throws ClewError `invalid-option`; its calls `missing-package`, `missing-key`, `not-found`, `service-refused`,
 *   `timed-out`, `model-failed`. No message holds a credential.
 */
export function sagemakerChat(options: SagemakerChatOptions): SagemakerChat {
  return new Sagemaker(settledOptions(options));
}

/** An answer whose first piece has come. */
interface Opened {
  readonly first: IteratorResult<BodyPiece, void>;
  readonly rest: AsyncGenerator<BodyPiece, void>;
  readonly variant: string | undefined;
}

class Sagemaker extends BaseChatModel<SagemakerCallOptions> implements SagemakerChat {
  readonly model: string;
  /** Read with each request, like the next, so that a view that inherits from the model may lower it. */
  readonly maxTokens: number | undefined;
  readonly maxRetries: number;
  private readonly style: BodyStyle;
  private readonly gate: Gate;
  /** Closures, so that a view has them too, and nobody sees what they hold. */
  private readonly settled!: () => SettledOptions;
  private readonly opened!: () => Promise<SagemakerRuntime>;

  constructor(options: SettledOptions) {
    super({ maxRetries: options.maxRetries });
    const { endpoint, inferenceComponent, adapter, bodyStyle, maxTokens, maxRetries } = options;
    const { region, credentials, baseURL, client, headers } = options;
    this.maxTokens = maxTokens;
    this.maxRetries = maxRetries;
    this.style = styles[bodyStyle];
    this.gate = gate(options.maxConcurrency ?? 8);
    let runtime: Promise<SagemakerRuntime> | undefined;
    const opened = (): Promise<SagemakerRuntime> => {
      runtime ??= openSagemaker({ region, credentials, baseURL, client, headers });
      return runtime;
    };
    Object.defineProperty(this, "settled", { value: () => options });
    Object.defineProperty(this, "opened", { value: opened });
    const component = inferenceComponent === undefined ? "" : `/${inferenceComponent}`;
    this.model = `sagemaker:${endpoint}${component}${adapter === undefined ? "" : `#${adapter}`}`;
    if (this.style.tools) this.bindTools = bindTools;
  }

  static override lc_name(): string {
    return "SagemakerChat";
  }

  override _llmType(): string {
    return "sagemaker";
  }

  override async _generate(messages: BaseMessage[], options: this["ParsedCallOptions"]): Promise<ChatResult> {
    const leave = await this.gate.enter(options.signal);
    const { value, notes, requests } = await this.repeating(options.signal, (signal) =>
      this.invokeEndpoint(messages, options, signal),
    ).finally(leave);
    const { piece, variant } = value;
    if (
      this.style.name === "messages" &&
      piece.finish === undefined &&
      piece.text === undefined &&
      piece.tools === undefined
    ) {
      throw notOfStyle(this.style);
    }
    const text = piece.whole ?? piece.text ?? "";
    const message = new AIMessageChunk(
      chunkFields({
        content: text,
        tool_call_chunks: toolChunks(piece),
        response_metadata: {
          ...this.servedMetadata(variant, piece.model, { notes, requests }),
          ...(piece.finish === undefined ? {} : { finish_reason: piece.finish }),
        },
        usage_metadata: usageOf(piece),
      }),
    );
    return { generations: [{ text, message }], llmOutput: {} };
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const { signal } = options;
    const leave = await this.gate.enter(signal);
    const opening = await this.repeating(signal, (attempt) => this.open(messages, options, attempt)).catch(
      (error: unknown) => {
        leave();
        throw error;
      },
    );
    const { first, rest, variant } = opening.value;
    // who serves is told once: LangChain joins the texts of a field that comes twice
    let metadata: object | undefined = {};
    let heard = false;
    let finish: string | undefined;
    let usage: BodyPiece["usage"];
    try {
      for (let next = first; next.done !== true; next = await rest.next()) {
        const piece = next.value;
        finish = piece.finish ?? finish;
        usage = piece.usage ?? usage;
        metadata &&= this.servedMetadata(variant, piece.model, opening);
        const text = piece.text ?? (heard ? "" : (piece.whole ?? ""));
        const tools = toolChunks(piece);
        if (text === "" && tools === undefined) continue;
        heard = true;
        const chunk = new ChatGenerationChunk({
          text,
          message: new AIMessageChunk(
            chunkFields({ content: text, tool_call_chunks: tools, response_metadata: metadata }),
          ),
        });
        metadata = undefined;
        yield chunk;
        await runManager?.handleLLMNewToken(text, undefined, undefined, undefined, undefined, { chunk });
      }
    } catch (error) {
      signal?.throwIfAborted();
      throw this.failure(error);
    } finally {
      await rest.return();
      leave();
    }
    if (!heard && finish === undefined) throw notOfStyle(this.style);
    yield new ChatGenerationChunk({
      text: "",
      message: new AIMessageChunk(
        chunkFields({
          content: "",
          response_metadata: { ...metadata, ...(finish === undefined ? {} : { finish_reason: finish }) },
          usage_metadata: usageOf({ usage }),
        }),
      ),
    });
  }

  private repeating<T>(
    signal: AbortSignal | undefined,
    send: (signal: AbortSignal | undefined) => Promise<T>,
  ): Promise<Repeated<T>> {
    const { coldStartMs = 0, runtime = systemRuntime, sleep = runtime.sleep ?? realSleep } = this.settled();
    const { model: name, maxRetries } = this;
    return untilFirstToken({ send: () => send(signal), ...{ name, maxRetries, coldStartMs, signal, runtime, sleep } });
  }

  private async invokeEndpoint(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    signal: AbortSignal | undefined,
  ): Promise<{ piece: BodyPiece; variant: string | undefined }> {
    const dog = this.watch();
    try {
      const input = this.input(messages, options, false);
      const { Body, InvokedProductionVariant } = await (await this.opened()).invoke(input, linked(signal, dog.signal));
      const events = jsonEvents();
      const values = [...(Body === undefined ? [] : events.push(Body)), ...events.end()];
      if (values.length !== 1) throw notOfStyle(this.style);
      const piece = this.read(values[0]);
      const said = piece.text ?? piece.whole ?? piece.tools ?? piece.finish;
      if (said === undefined) throw notOfStyle(this.style);
      return { piece, variant: InvokedProductionVariant };
    } catch (error) {
      signal?.throwIfAborted();
      dog.signal.throwIfAborted();
      throw this.failure(error);
    } finally {
      dog.clear();
    }
  }

  private async open(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    signal: AbortSignal | undefined,
  ): Promise<Opened> {
    const leaving = new AbortController();
    const dog = this.watch();
    const own = AbortSignal.any([leaving.signal, dog.signal, ...(signal === undefined ? [] : [signal])]);
    // a caller who leaves between the first piece and its delivery runs no generator's end
    own.addEventListener("abort", dog.clear, { once: true });
    try {
      const input = this.input(messages, options, true);
      const { Body, InvokedProductionVariant } = await (await this.opened()).stream(input, own);
      const rest = this.pieces(Body ?? nothing(), own, dog, () => {
        dog.clear();
        leaving.abort(new Error("the stream is no longer wanted"));
      });
      return { first: await rest.next(), rest, variant: InvokedProductionVariant };
    } catch (error) {
      dog.clear();
      leaving.abort(error);
      signal?.throwIfAborted();
      dog.signal.throwIfAborted();
      throw this.failure(error);
    }
  }

  private async *pieces(
    body: AsyncIterable<{ readonly PayloadPart?: { readonly Bytes?: Uint8Array } }>,
    signal: AbortSignal,
    dog: Watchdog,
    end: () => void,
  ): AsyncGenerator<BodyPiece, void> {
    const events = jsonEvents();
    let finished = false;
    const read = (value: unknown): BodyPiece => {
      const piece = this.read(value);
      finished ||= piece.finish !== undefined;
      return piece;
    };
    try {
      for await (const { PayloadPart } of untilAborted(body, signal)) {
        dog.pause();
        for (const value of events.push(PayloadPart?.Bytes ?? new Uint8Array())) yield read(value);
        dog.touch();
      }
      dog.clear();
      for (const value of events.end()) yield read(value);
      if (this.style.marksEnd && !finished && !events.done) {
        throw new ClewError("model-failed", `${this.model} broke off before the end of its answer.`);
      }
    } finally {
      end();
    }
  }

  private read(value: unknown): BodyPiece {
    const piece = this.style.read(value);
    if (piece === undefined) throw notOfStyle(this.style);
    if (piece.error === undefined) return piece;
    const said = redact(piece.error, secretsOf(this.settled()));
    throw new ClewError("model-failed", `The model behind ${this.model} failed: ${said}`);
  }

  private input(messages: BaseMessage[], options: this["ParsedCallOptions"], stream: boolean): SagemakerInput {
    const { endpoint, adapter, model, topP, stop = [], parameters = {} } = this.settled();
    const { maxTokens = this.maxTokens, temperature = this.settled().temperature } = options;
    const { prompt = plainPrompt, streamUsage = true } = this.settled();
    const { customAttributes, targetVariant, inferenceComponent } = this.settled();
    const { tools, tool_choice: toolChoice, response_format: responseFormat } = options;
    if (tools !== undefined && !this.style.tools) {
      throw invalidOption("tools", `left out: the body style "${this.style.name}" has none`);
    }
    const settings: BodySettings = {
      ...{ adapter, model, maxTokens, temperature, topP, parameters, stream, streamUsage, prompt, responseFormat },
      stop: options.stop ?? stop,
      tools: tools?.map((tool) => convertToOpenAITool(tool)),
      toolChoice: toolChoiceOf(toolChoice),
    };
    return {
      EndpointName: endpoint,
      Body: new TextEncoder().encode(JSON.stringify(this.style.body(messages, settings))),
      ContentType: "application/json",
      Accept: "application/json",
      ...(customAttributes === undefined ? {} : { CustomAttributes: customAttributes }),
      ...(targetVariant === undefined ? {} : { TargetVariant: targetVariant }),
      ...(inferenceComponent === undefined ? {} : { InferenceComponentName: inferenceComponent }),
    };
  }

  private servedMetadata(
    variant: string | undefined,
    model: string | undefined,
    { notes, requests }: { readonly notes: readonly Note[]; readonly requests: number },
  ): ServedMetadata & object {
    const name = this.model.slice("sagemaker:".length);
    return {
      ...(model === undefined ? {} : { model_name: model }),
      served: { kind: "sagemaker", model: name, revision: variant },
      requests,
      notes,
    };
  }

  private watch(): Watchdog {
    const { timeoutMs: ms } = this.settled();
    return watchdog({
      ms,
      // worded so that it is not sent again: it was taken, and may be charged
      reason: () => new ClewError("timed-out", `Nothing came from ${this.model} for ${ms} ms; it was left.`),
    });
  }

  private failure(error: unknown): ClewError {
    return sagemakerFailure(error, { endpoint: this.settled().endpoint, secrets: secretsOf(this.settled()) });
  }
}

function bindTools(
  this: BaseChatModel<SagemakerCallOptions>,
  tools: BindToolsInput[],
  kwargs: Partial<SagemakerCallOptions> = {},
): Runnable<BaseLanguageModelInput, AIMessageChunk, SagemakerCallOptions> {
  return this.withConfig({ tools: tools.map((tool) => convertToOpenAITool(tool)), ...kwargs });
}

async function* nothing(): AsyncGenerator<never> {}

const linked = (signal: AbortSignal | undefined, own: AbortSignal): AbortSignal =>
  signal === undefined ? own : AbortSignal.any([signal, own]);

const notOfStyle = ({ name }: BodyStyle): ClewError =>
  new ClewError(
    "model-failed",
    `The endpoint's answer is not of the body style "${name}"; give the bodyStyle that its container speaks.`,
  );

const secretsOf = ({ credentials, headers = {} }: SagemakerChatOptions): string[] => [
  ...(typeof credentials === "object"
    ? [credentials.accessKeyId, credentials.secretAccessKey, credentials.sessionToken ?? ""]
    : []),
  // a short value is a word of any message
  ...Object.values(headers).filter(({ length }) => length >= 8),
];

const usageOf = ({ usage }: Pick<BodyPiece, "usage">): object | undefined =>
  usage && { input_tokens: usage.input, output_tokens: usage.output, total_tokens: usage.input + usage.output };

const toolChunks = ({ tools }: BodyPiece): object[] | undefined =>
  tools === undefined || tools.length === 0
    ? undefined
    : tools.map(({ index, id, name, args }) => ({ type: "tool_call_chunk", index, id, name, args }));

/** LangChain's words for a choice of tools in OpenAI's. */
function toolChoiceOf(choice: unknown): unknown {
  if (choice === undefined || choice === "auto" || choice === "none" || choice === "required") return choice;
  if (choice === "any") return "required";
  return typeof choice === "string" ? { type: "function", function: { name: choice } } : choice;
}
