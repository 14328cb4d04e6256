import { type Capabilities, ClewError, type Runtime } from "@clew/core";
import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import type { BaseLanguageModelInput, StructuredOutputMethodOptions } from "@langchain/core/language_models/base";
import type { LangSmithParams } from "@langchain/core/language_models/chat_models";
import { AIMessage, AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";
import type { Runnable } from "@langchain/core/runnables";
import type { EndpointInfo, EndpointMetadata, ServerDescription } from "./endpoint-info.js";
import { type EndpointChange, EndpointModel } from "./endpoint-model.js";
import type { ChatWire, RequestDefaults, WirePiece } from "./kinds/chat-wire.js";
import { type Describe, emptyDescription } from "./kinds/describe.js";
import { structuredOutput } from "./structured-output.js";
import { jsonLines, serverSentEvents } from "./wire/events.js";
import type { OpenAnswer, Transport } from "./wire/transport.js";
import { fieldsOf, gather } from "./wire-message.js";

/** What a {@link ServedChat} is made of. */
export interface ServedChatParts {
  readonly info: EndpointInfo;
  readonly wire: ChatWire;
  readonly transport: Transport;
  /** Reaches the server's own pages, beside the base URL where these lie elsewhere. */
  readonly pages: Transport;
  readonly describe: Describe | undefined;
  readonly capabilities: Capabilities;
  readonly defaults: RequestDefaults;
  readonly maxRetries: number;
  readonly vary: (change: EndpointChange) => EndpointModel | undefined;
  readonly runtime: Runtime;
}

interface Held {
  readonly parts: ServedChatParts;
  /** Shared with the variations of an endpoint: they stand on one server. */
  about: { described?: ServerDescription | undefined };
}

/** The chat model of every kind that is spoken to over HTTP. */
export class ServedChat extends EndpointModel {
  readonly endpoint: EndpointInfo;
  readonly model: string;
  readonly capabilities: Capabilities;
  /** Most tokens of an answer; read with each request, like the next, so that a view of the model may lower it. */
  readonly maxTokens: number | undefined;
  /** Most repetitions of a request. */
  readonly maxRetries: number;
  /** A closure: what holds keys is not shown, logged or serialised, and a view that inherits from the model has it too. */
  private readonly held!: () => Held;

  constructor(parts: ServedChatParts) {
    super({ maxRetries: parts.maxRetries });
    const held: Held = { parts, about: {} };
    Object.defineProperty(this, "held", { value: () => held, enumerable: false });
    this.endpoint = parts.info;
    this.model = parts.info.model;
    this.maxTokens = parts.defaults.maxTokens;
    this.maxRetries = parts.maxRetries;
    this.capabilities = Object.freeze({ ...parts.capabilities, ...parts.wire.known });
  }

  static override lc_name(): string {
    return "ClewEndpoint";
  }

  override _llmType(): string {
    // the base class asks before there is one
    return (this.endpoint as EndpointInfo | undefined)?.kind ?? "endpoint";
  }

  override _combineLLMOutput(): Record<string, never> {
    return {};
  }

  override vary(change: EndpointChange): EndpointModel | undefined {
    const { parts, about } = this.held();
    const varied = parts.vary(change);
    if (varied instanceof ServedChat) varied.held().about = about;
    return varied;
  }

  override getLsParams(options: this["ParsedCallOptions"]): LangSmithParams {
    const { maxTokens, temperature, stop } = this.withDefaults(options);
    return {
      ls_provider: this.endpoint.kind,
      ls_model_name: this.model,
      ls_model_type: "chat",
      ...(temperature === undefined ? {} : { ls_temperature: temperature }),
      ...(maxTokens === undefined ? {} : { ls_max_tokens: maxTokens }),
      ...(stop === undefined ? {} : { ls_stop: [...stop] }),
    };
  }

  override invocationParams(options?: this["ParsedCallOptions"]): object {
    const { maxTokens, temperature, stop, seed } = this.withDefaults(options ?? ({} as this["ParsedCallOptions"]));
    return { ...this.endpoint, maxTokens, temperature, stop, seed };
  }

  // `never` stands for each of the outputs that the base class's overloads promise
  override withStructuredOutput(
    schema: object,
    options: StructuredOutputMethodOptions<boolean> = {},
  ): Runnable<BaseLanguageModelInput, never> {
    return structuredOutput(this, schema, options) as Runnable<BaseLanguageModelInput, never>;
  }

  override async _generate(messages: BaseMessage[], options: this["ParsedCallOptions"]): Promise<ChatResult> {
    const open = await this.open(messages, options, false);
    try {
      const piece = this.read(await open.text(), false);
      const fields = fieldsOf(gather([piece], this.held().parts.runtime), this.whoServed(open, piece));
      // a chunk is what reads the arguments of tool calls
      const { tool_calls = [], invalid_tool_calls = [] } = new AIMessageChunk(fields);
      const { tool_call_chunks, ...others } = fields;
      const message = new AIMessage({ ...others, tool_calls, invalid_tool_calls });
      return { generations: [{ text: message.text, message }], llmOutput: {} };
    } finally {
      open.close();
    }
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const open = await this.open(messages, options, true);
    try {
      // who serves is told once, with the first piece: LangChain joins the texts of a field that comes twice
      let metadata: EndpointMetadata | undefined;
      const tail: WirePiece[] = [];
      let calls = 0;
      for await (const { usage, finish, ...piece } of this.pieces(open)) {
        tail.push({ usage, finish });
        const whole = piece.toolCalls?.map((call) => (call.whole === true ? { ...call, index: calls++ } : call));
        const said = gather(
          [{ ...piece, ...(whole === undefined ? {} : { toolCalls: whole }) }],
          this.held().parts.runtime,
        );
        const fields = fieldsOf(said, metadata === undefined ? this.whoServed(open, piece) : undefined);
        if (metadata !== undefined && said.isEmpty) continue;
        metadata ??= this.whoServed(open, piece);
        yield await told(new AIMessageChunk(fields), runManager);
      }
      yield await told(new AIMessageChunk(fieldsOf(gather(tail, this.held().parts.runtime), undefined)), runManager);
    } finally {
      open.close();
    }
  }

  override async describe({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<ServerDescription> {
    const held = this.held();
    const { describe, pages } = held.parts;
    if (held.about.described !== undefined || describe === undefined) return held.about.described ?? emptyDescription;
    const asked: { path: string; outcome: string }[] = [];
    const told = await describe(
      async (path, body) => {
        try {
          const open = await pages.open({ path, body, signal, maxRetries: this.maxRetries });
          try {
            const json: unknown = JSON.parse(await open.text());
            asked.push({ path, outcome: "answered" });
            return json;
          } finally {
            open.close();
          }
        } catch (error) {
          signal?.throwIfAborted();
          if (ClewError.isInstance(error) && (error.code === "service-refused" || error.code === "timed-out"))
            throw error;
          asked.push({ path, outcome: error instanceof Error ? error.message : String(error) });
          return undefined;
        }
      },
      { model: this.model },
    );
    held.about.described = { ...told, asked };
    return held.about.described;
  }

  private get title(): string {
    return `${this.endpoint.kind}:${this.model}`;
  }

  private withDefaults(options: this["ParsedCallOptions"]): this["ParsedCallOptions"] {
    const { temperature, stop, seed } = this.held().parts.defaults;
    return {
      ...options,
      maxTokens: options.maxTokens ?? this.maxTokens,
      temperature: options.temperature ?? temperature,
      seed: options.seed ?? seed,
      ...(options.stop === undefined && stop !== undefined ? { stop: [...stop] } : {}),
    } as this["ParsedCallOptions"];
  }

  private async open(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    streamed: boolean,
  ): Promise<OpenAnswer> {
    const { wire, transport } = this.held().parts;
    const { path, body } = await wire.request({ messages, options: this.withDefaults(options), streamed });
    return transport.open({ path, body, signal: options.signal, maxRetries: this.maxRetries });
  }

  private async *pieces(open: OpenAnswer): AsyncGenerator<WirePiece> {
    // a server that knows no streaming answers as a whole
    if (open.isJson) {
      yield this.read(await open.text(), false);
      return;
    }
    const events = this.held().parts.wire.framing === "sse" ? serverSentEvents : jsonLines;
    let ended = false;
    for await (const event of events(open.bytes())) {
      if (event === "[DONE]") return;
      const piece = this.read(event, true);
      yield piece;
      if (piece.done === true) return;
      ended ||= piece.finish !== undefined;
    }
    if (!ended) throw new ClewError("model-failed", `${this.title} broke off in the middle of its answer.`);
  }

  private read(text: string, streamed: boolean): WirePiece {
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch (cause) {
      throw new ClewError("model-failed", `${this.title} answered with something that is not JSON.`, { cause });
    }
    const piece = this.held().parts.wire.read(json, streamed);
    if (piece === undefined) {
      throw new ClewError(
        "model-failed",
        `${this.title} answered, but with no choice that could be read: check its kind.`,
      );
    }
    if (piece.error !== undefined) {
      throw new ClewError("model-failed", `${this.title} gave up: ${this.held().parts.transport.redact(piece.error)}`);
    }
    return piece;
  }

  private whoServed({ notes, requests }: OpenAnswer, { model, fingerprint }: WirePiece): EndpointMetadata {
    const name = model !== undefined && model !== "" ? model : this.model;
    const about = this.held().about.described;
    const adapterOf = about?.adapters.find((adapter) => adapter.name === name)?.base;
    return {
      model_name: name,
      ...(fingerprint === undefined ? {} : { system_fingerprint: fingerprint }),
      served: {
        kind: this.endpoint.kind,
        model: name,
        told: model !== undefined && model !== "",
        ...(adapterOf === undefined ? {} : { adapterOf }),
        ...(about?.revision === undefined ? {} : { revision: about.revision }),
        ...(fingerprint === undefined ? {} : { fingerprint }),
      },
      requests,
      notes,
    };
  }
}

/** Hands a piece to whoever listens, and on. */
async function told(
  message: AIMessageChunk,
  runManager: CallbackManagerForLLMRun | undefined,
): Promise<ChatGenerationChunk> {
  const chunk = new ChatGenerationChunk({ text: message.text, message });
  await runManager?.handleLLMNewToken(chunk.text, undefined, undefined, undefined, undefined, { chunk });
  return chunk;
}
