import {
  ClewError,
  type Note,
  note,
  raceSignal,
  redact,
  requestFailure,
  servedBy,
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
import type { AIMessageChunk, BaseMessage } from "@langchain/core/messages";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";
import type { Runnable, RunnableConfig } from "@langchain/core/runnables";
import { watchdog } from "../watchdog.js";
import type { CircuitBreaker } from "./circuit-breaker.js";
import { type FailureClass, failureClass } from "./failure-class.js";

/** A model on the way of a call, by its name. */
export interface Lane {
  readonly name: string;
  readonly model: BaseChatModel;
  /** Hears of each request, before it is sent. */
  readonly onAsk?: (() => void) | undefined;
  /** Why it may not be asked. @default it may */
  readonly closed?: ClewError | undefined;
}

/** Options of {@link fallbackChat}. */
export interface FallbackChatOptions {
  /** Asked first. */
  readonly first: Lane;
  /** Asked when the first is missing, slow or failing. */
  readonly base: Lane;
  /** Keeps calls away from the first while it fails. */
  readonly breaker: CircuitBreaker;
  /** Longest silence of the first, in milliseconds: until its first token, and between two. */
  readonly timeoutMs: number;
  /** The same of the base. */
  readonly baseTimeoutMs: number;
}

/**
 * A chat model that asks another where the first is missing, slow or failing before its first token. Where it fails
 * later the answer breaks off with an error, so that no text comes twice. The first chunk's `response_metadata` says who
 * served it, how many requests were sent, and why (see `servedBy` of core).
 */
export const fallbackChat = (options: FallbackChatOptions): BaseChatModel =>
  new FallbackChat(options, options.first.model, options.base.model);

interface Streams {
  stream(messages: BaseMessage[], config: RunnableConfig): Promise<AsyncIterable<AIMessageChunk>>;
}

class FallbackChat extends BaseChatModel {
  readonly model: string;
  /** Fields of their own, so that a view of this model may hold views of them. */
  readonly first: unknown;
  readonly base: unknown;
  private readonly lanes: FallbackChatOptions;

  constructor(options: FallbackChatOptions, first: unknown, base: unknown) {
    super({ maxRetries: 0 });
    this.lanes = options;
    this.first = first;
    this.base = base;
    this.model = options.first.name;
    if (binds(first) && binds(base)) this.bindTools = bindBoth;
  }

  static override lc_name(): string {
    return "RoutedChat";
  }

  override _llmType(): string {
    return "routed";
  }

  override async _generate(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): Promise<ChatResult> {
    let whole: ChatGenerationChunk | undefined;
    for await (const chunk of this._streamResponseChunks(messages, options, runManager)) {
      whole = whole === undefined ? chunk : whole.concat(chunk);
    }
    return { generations: whole === undefined ? [] : [whole], llmOutput: {} };
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    for await (const message of this.answer(messages, options)) {
      const { text } = message;
      const chunk = new ChatGenerationChunk({ text, message });
      yield chunk;
      await runManager?.handleLLMNewToken(text, undefined, undefined, undefined, undefined, { chunk });
    }
  }

  private async *answer(messages: BaseMessage[], options: this["ParsedCallOptions"]): AsyncGenerator<AIMessageChunk> {
    const { first, base, breaker, timeoutMs, baseTimeoutMs } = this.lanes;
    const { signal } = options;
    const leave = breaker.pass();
    let notes: Note[];
    let requests = 0;
    if (leave === undefined && base.closed !== undefined) {
      throw new ClewError("model-failed", `${first.name} failed before and is left alone. ${base.closed.message}`, {
        cause: base.closed,
      });
    }
    if (leave === undefined) {
      const wait = `It failed before; it is asked again in ${Math.ceil(breaker.restMs / 1000)} s at the earliest.`;
      notes = [fellBack({ first, base, why: "resting", reason: wait, requests })];
    } else {
      requests = 1;
      let heard = false;
      first.onAsk?.();
      try {
        const asked = timed(this.first as Streams, messages, options, { name: first.name, timeoutMs });
        for await (const chunk of told(asked, { name: first.name, requests, notes: [] })) {
          heard = true;
          yield chunk;
        }
        leave.succeeded();
        return;
      } catch (error) {
        signal?.throwIfAborted();
        const why = failureClass(error);
        if (why !== undefined) leave.failed();
        if (heard) throw brokenOff(first, error);
        if (why === undefined) throw error;
        if (base.closed !== undefined) {
          const both = `${first.name} failed (${reasonOf(error)}). ${base.closed.message}`;
          throw withStatus(new ClewError("model-failed", both, { cause: error }), error);
        }
        notes = [fellBack({ first, base, why, reason: reasonOf(error), requests })];
      } finally {
        // the reader, or the caller's signal, has ended it
        leave.abandoned();
      }
    }
    signal?.throwIfAborted();
    requests += 1;
    let heard = false;
    base.onAsk?.();
    try {
      const asked = timed(this.base as Streams, messages, options, { name: base.name, timeoutMs: baseTimeoutMs });
      for await (const chunk of told(asked, { name: base.name, requests, notes })) {
        heard = true;
        yield chunk;
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (heard) throw counted(brokenOff(base, error), requests);
      if (failureClass(error) === undefined) throw counted(error, requests);
      const both = `${notes[0]!.message} ${base.name} failed too: ${reasonOf(error)}`;
      const code = ClewError.isInstance(error) && error.code === "not-found" ? error.code : "model-failed";
      throw counted(withStatus(new ClewError(code, both, { cause: error }), error), requests);
    }
  }
}

type Binds = Required<Pick<BaseChatModel, "bindTools">>;

const binds = (model: unknown): model is Binds => typeof (model as Partial<Binds>).bindTools === "function";

/** Of the model, or of a view of it: each binds them in its own way. */
function bindBoth(
  this: BaseChatModel,
  tools: BindToolsInput[],
  kwargs?: Partial<BaseChatModelCallOptions>,
): Runnable<BaseLanguageModelInput, AIMessageChunk, BaseChatModelCallOptions> {
  const { lanes, first, base } = this as unknown as { lanes: FallbackChatOptions; first: Binds; base: Binds };
  const bound = new FallbackChat(lanes, first.bindTools(tools, kwargs), base.bindTools(tools, kwargs));
  return bound as unknown as Runnable<BaseLanguageModelInput, AIMessageChunk, BaseChatModelCallOptions>;
}

/** Runs of the models inside are this one's own: callbacks hear of it once. */
const quietly = (options: object, signal: AbortSignal): RunnableConfig => ({ ...options, callbacks: [], signal });

/** A stream that is left, and its request aborted, when it is silent for too long. */
async function* timed(
  model: Streams,
  messages: BaseMessage[],
  options: { readonly signal?: AbortSignal | undefined },
  { name, timeoutMs }: { readonly name: string; readonly timeoutMs: number },
): AsyncGenerator<AIMessageChunk> {
  const leaving = new AbortController();
  const dog = watchdog({
    ms: timeoutMs,
    reason: () => new ClewError("timed-out", `${name} timed out: nothing came from it for ${timeoutMs} ms.`),
  });
  const { signal } = options;
  const own = AbortSignal.any([leaving.signal, dog.signal, ...(signal === undefined ? [] : [signal])]);
  try {
    const stream = await raceSignal(model.stream(messages, quietly(options, own)), own);
    for await (const chunk of untilAborted(stream, own)) {
      dog.pause();
      yield chunk;
      dog.touch();
    }
  } catch (error) {
    signal?.throwIfAborted();
    dog.signal.throwIfAborted();
    throw error;
  } finally {
    dog.clear();
    leaving.abort(new Error("the answer is no longer wanted"));
  }
}

/** Holds an answer back until its first token, and writes into the first chunk who serves it. */
async function* told(
  chunks: AsyncIterable<AIMessageChunk>,
  { name, requests, notes }: { readonly name: string; readonly requests: number; readonly notes: readonly Note[] },
): AsyncGenerator<AIMessageChunk> {
  const held: AIMessageChunk[] = [];
  let open = false;
  const flush = function* (): Generator<AIMessageChunk> {
    const inner = held.map(servedBy);
    const known = [...notes, ...inner.flatMap((one) => one.notes)];
    const sent = Math.max(1, ...inner.map((one) => one.requests)) + requests - 1;
    for (const [index, chunk] of held.entries()) {
      const rest = withoutServed(chunk);
      if (index === 0) {
        const served = inner.find((one) => one.served !== undefined)?.served ?? name;
        chunk.response_metadata = { ...rest, served, requests: sent, notes: known };
      }
      yield chunk;
    }
  };
  for await (const chunk of chunks) {
    if (open) {
      const { notes: late } = servedBy(chunk);
      const rest = withoutServed(chunk);
      if (late.length > 0) chunk.response_metadata = { ...rest, notes: late };
      yield chunk;
      continue;
    }
    held.push(chunk);
    if (!isToken(chunk)) continue;
    open = true;
    yield* flush();
  }
  if (open) return;
  if (held.length === 0) throw new ClewError("model-failed", `${name} ended without an answer.`);
  yield* flush();
}

/** LangChain joins the texts of a field that comes twice. */
function withoutServed(chunk: AIMessageChunk): Record<string, unknown> {
  const { served: _, requests: __, notes: ___, ...rest } = chunk.response_metadata as Record<string, unknown>;
  chunk.response_metadata = rest;
  return rest;
}

const isToken = ({ content, tool_call_chunks = [] }: AIMessageChunk): boolean =>
  content.length > 0 || tool_call_chunks.length > 0;

/** Errors of this library tell their cause themselves. */
const reasonOf = (error: unknown): string =>
  redact(ClewError.isInstance(error) ? (error as ClewError).message : requestFailure(error, systemRuntime).message);

interface Fallback {
  readonly first: Lane;
  readonly base: Lane;
  readonly why: FailureClass | "resting";
  readonly reason: string;
  readonly requests: number;
}

/** A note on a model that was passed over before it was asked. */
export const passedOver = (first: string, base: string, { message }: ClewError): Note =>
  note("fell-back", `${first} was left for ${base} (outbound-refused): ${message}`, {
    from: first,
    to: base,
    why: "outbound-refused",
    requests: 0,
  });

const fellBack = ({ first, base, why, reason, requests }: Fallback): Note => {
  const twice = requests > 0 ? " The request was sent to both, and both may charge for it." : "";
  return note("fell-back", `${first.name} was left for ${base.name} (${why}): ${reason}${twice}`, {
    from: first.name,
    to: base.name,
    why,
    requests,
  });
};

const brokenOff = (lane: Lane, cause: unknown): ClewError =>
  withStatus(
    new ClewError(
      ClewError.isInstance(cause) && cause.code === "timed-out" ? "timed-out" : "model-failed",
      `${lane.name} broke off in the middle of its answer: ${reasonOf(cause)}`,
      { cause },
    ),
    cause,
  );

const withStatus = (error: ClewError, from: unknown): ClewError =>
  Object.assign(error, { status: requestFailure(from, systemRuntime).status });

/** Leaves on an error how many requests were sent, for whoever counts them. */
const counted = (error: unknown, requests: number): unknown =>
  error instanceof Error && Object.isExtensible(error) ? Object.assign(error, { requests }) : error;
