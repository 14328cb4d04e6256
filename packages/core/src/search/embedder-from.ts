import type { EmbeddingsInterface } from "@langchain/core/embeddings";
import { nonNegative, positiveInteger } from "../errors/check-number.js";
import { ClewError } from "../errors/clew-error.js";
import { invalidOption } from "../errors/invalid-option.js";
import { isRemoteModel } from "../model/is-remote.js";
import { priceOf, priceUnknown, usdOf } from "../model/prices.js";
import { providerOf } from "../model/provider-of.js";
import type { Call } from "../run/call.js";
import type { Charge } from "../run/meter.js";
import { type Note, note } from "../run/note.js";
import { isRefused, namesOf, outboundRefused, recordSent } from "../run/outbound.js";
import { type Runtime, systemRuntime } from "../run/runtime.js";
import { spanned } from "../run/spans.js";
import { estimateTokens } from "../text/estimate-tokens.js";
import { cutToTokens } from "./cut-to-tokens.js";
import { embedBatches } from "./embed-batches.js";
import type { Embedded, Embedder, EmbedOptions } from "./embedder.js";
import { knownMaxTokens } from "./known-embedding-models.js";
import { rateLimiter } from "./rate-limiter.js";
import { requestFailure, retryRequest } from "./retry-request.js";
import { sleep as realSleep } from "./sleep.js";
import { unitVector } from "./unit-vector.js";

/** Options of {@link embedderFrom}. */
export interface EmbedderFromOptions {
  /** Model string in the fingerprint. @default `model` or `modelName` of the embeddings */
  id?: string | undefined;
  /** Length of a vector. @default found out by embedding one word */
  dimensions?: number | undefined;
  /** Put before every query. @default "" */
  queryPrefix?: string | undefined;
  /** Put before every document. @default "" */
  documentPrefix?: string | undefined;
  /** Tokens after which a text is cut before it is sent, with a note. @default the model's limit where known, else 512 */
  maxTokens?: number | undefined;
  /** Counts the model's tokens. @default `estimateTokens` */
  countTokens?: ((text: string) => number) | undefined;
  /** Most texts in one request. @default 96 */
  batchSize?: number | undefined;
  /** Most requests at once. @default 2 */
  concurrency?: number | undefined;
  /** @default no limit */
  requestsPerMinute?: number | undefined;
  /** @default no limit */
  tokensPerMinute?: number | undefined;
  /** US dollars for a million tokens; makes `usage.usd`. @default the price in the run's table, else 0, with a note under a limit of usd */
  usdPerMillionTokens?: number | undefined;
  /** Most repetitions of one request after 408, 409, 425, 429, 5xx or no answer; 0 for none. @default 5 */
  retries?: number | undefined;
  /** Longest wait before a repetition, in milliseconds; a service that asks for more has refused. @default 60,000 */
  maxWaitMs?: number | undefined;
  /** BCP 47 tags that the model was made for. @default unknown */
  languages?: readonly string[] | undefined;
  /** Whether embedding sends texts to another machine. @default as `isRemoteModel` finds it */
  remote?: boolean | undefined;
  /** Stops finding out the dimensions. */
  signal?: AbortSignal | undefined;
  /** @default `systemRuntime` */
  runtime?: Runtime | undefined;
  /** Waits before repetitions and for the rate limits. @default a timer that the signal stops */
  sleep?: typeof realSleep | undefined;
}

/** LangChain's interface has no signal; implementations that take one get it. */
interface SignalledEmbeddings {
  embedDocuments(texts: string[], options?: { signal?: AbortSignal | undefined }): Promise<number[][]>;
  embedQuery(text: string, options?: { signal?: AbortSignal | undefined }): Promise<number[]>;
}

/**
 * Makes an {@link Embedder} of any LangChain `Embeddings`: rate limits, retries that honour Retry-After, batches,
 * prefixes, normalised and checked vectors, usage. Give the embeddings `maxRetries: 0`, or both repeat requests. A blank
 * text is never sent, since services refuse it: its vector is the first unit vector. Equal texts of one call are sent
 * once.
 *
 * @throws ClewError `invalid-option` when the embeddings name no model and no `id` is given, or a number is out of
 *   range; `embedder-failed` when the dimensions cannot be found out
 */
export async function embedderFrom(
  embeddings: EmbeddingsInterface,
  options: EmbedderFromOptions = {},
): Promise<Embedder> {
  const {
    queryPrefix = "",
    documentPrefix = "",
    countTokens = estimateTokens,
    usdPerMillionTokens,
    languages,
  } = options;
  const { runtime = systemRuntime, sleep = realSleep } = options;
  const id = options.id ?? modelOf(embeddings);
  const batchSize = positiveInteger("batchSize", options.batchSize ?? 96);
  const concurrency = positiveInteger("concurrency", options.concurrency ?? 2);
  const maxTokens = positiveInteger("maxTokens", options.maxTokens ?? knownMaxTokens(id) ?? 512);
  const retries = nonNegative("retries", options.retries ?? 5);
  const maxWaitMs = nonNegative("maxWaitMs", options.maxWaitMs ?? 60_000);
  if (usdPerMillionTokens !== undefined) nonNegative("usdPerMillionTokens", usdPerMillionTokens);
  const { requestsPerMinute, tokensPerMinute } = options;
  const limiter = rateLimiter({ requestsPerMinute, tokensPerMinute, runtime, sleep });
  const service: SignalledEmbeddings = embeddings;
  const closing = new AbortController();

  /** US dollars for so many tokens, by the option, else by the table of the run. */
  const usdFor = (tokens: number, call: Call | undefined): number =>
    usdPerMillionTokens === undefined
      ? usdOf(priceOf(call?.prices, id), { inputTokens: tokens, calls: 1 })
      : (tokens * usdPerMillionTokens) / 1e6;

  /** One request, set aside with the meter of the run, repeated while it may help; counts what is sent. */
  const request = async <T>(
    send: (signal: AbortSignal) => Promise<T>,
    { tokens, worst }: { readonly tokens: number; readonly worst: number },
    signal: AbortSignal,
    counts: Counts,
    call?: Call | undefined,
  ): Promise<T> => {
    const sent = async (): Promise<T> => {
      await limiter.pass(tokens, signal);
      const reserved = call?.meter.reserve({ inputTokens: worst, calls: 1, usd: usdFor(worst, call) });
      if (reserved !== undefined && "refused" in reserved) {
        const limits = reserved.refused.join(", ");
        throw new ClewError("budget-reached", `The limit of ${limits} leaves no room for the embedder ${id}.`);
      }
      let spent: Charge = { calls: 1 };
      counts.calls++;
      try {
        const given = await send(signal);
        spent = { calls: 1, inputTokens: tokens, usd: usdFor(tokens, call) };
        counts.usd += spent.usd ?? 0;
        return given;
      } finally {
        reserved?.settle(spent);
      }
    };
    const onRetry = ({ status }: { status: number | undefined }, waitMs: number): void => {
      counts.retried.push(status ?? "no answer");
      counts.waitedMs += waitMs;
    };
    try {
      return await retryRequest({ send: sent, retries, maxWaitMs, signal, runtime, sleep, onRetry });
    } catch (cause) {
      signal.throwIfAborted();
      if (ClewError.isInstance(cause) && cause.code === "budget-reached") throw cause;
      const { status, message, retryAfterMs } = requestFailure(cause, runtime);
      const answered = status === undefined ? "" : ` (status ${status})`;
      const later = retryAfterMs === undefined ? "" : ` It asks to wait ${Math.ceil(retryAfterMs / 1000)} s.`;
      throw new ClewError(
        "embedder-failed",
        `${id} failed after ${counts.calls} requests${answered}: ${message}.${later}`,
        {
          cause,
        },
      );
    }
  };

  const linked = (given: AbortSignal | undefined): AbortSignal => {
    closing.signal.throwIfAborted();
    given?.throwIfAborted();
    return given === undefined ? closing.signal : AbortSignal.any([given, closing.signal]);
  };

  let dimensions = options.dimensions === undefined ? 0 : positiveInteger("dimensions", options.dimensions);
  if (dimensions === 0) {
    const vector = await request(
      (signal) => service.embedQuery("thread", { signal }),
      { tokens: 1, worst: 1 },
      linked(options.signal),
      noCounts(),
    );
    dimensions = vector.length;
    unitVector(vector, { dimensions: Math.max(1, dimensions), id, text: "thread" });
  }

  const embed = async (
    given: readonly string[],
    prefix: string,
    asQuery: boolean,
    { signal, call, onProgress }: EmbedOptions,
  ): Promise<Embedded> => {
    const stop = linked(signal ?? call?.signal);
    const remote = options.remote ?? isRemoteModel(embeddings, call?.outbound?.localHosts);
    if (isRefused(call?.outbound, "embedder", remote)) throw outboundRefused("embedder", `The embedder ${id}`);
    const counts = noCounts();
    const notes: Note[] = [];
    if (call?.meter.budget.usd !== undefined && usdPerMillionTokens === undefined && !priceOf(call.prices, id)) {
      notes.push(priceUnknown(id));
    }
    const prepared = given.map((text) => {
      if (text.trim() === "") return "";
      const whole = prefix + text;
      const cut = cutToTokens(whole, maxTokens, countTokens);
      if (cut !== whole) {
        notes.push(
          note("cut", `A text of ${whole.length} characters was cut to ${cut.length} for ${id}.`, { maxTokens }),
        );
      }
      return cut;
    });
    const distinct = [...new Set(prepared)].filter((text) => text !== "");
    const weights = distinct.map(countTokens);
    const byText = new Map([["", firstUnit(dimensions)]]);
    const blank = prepared.filter((text) => text === "").length;
    let tokens = 0;

    const start = () => ({
      name: `embeddings ${id}`,
      kind: "client" as const,
      attributes: {
        "gen_ai.operation.name": "embeddings",
        "gen_ai.request.model": id,
        "gen_ai.embeddings.dimension.count": dimensions,
        ...providerOf(embeddings),
      },
    });
    await spanned(call, start, async (span) => {
      await embedBatches({
        count: distinct.length,
        batchSize,
        concurrency,
        signal: stop,
        work: async (start, end, shared) => {
          const texts = distinct.slice(start, end);
          const weight = weights.slice(start, end).reduce((sum, each) => sum + each, 0);
          const vectors = await request(
            async (own) => {
              const characters = texts.reduce((sum, text) => sum + text.length, 0);
              if (remote)
                await recordSent(call, [{ role: "embedder", served: id, requests: 1, characters, ...namesOf() }]);
              return asQuery
                ? [await service.embedQuery(texts[0]!, { signal: own })]
                : service.embedDocuments(texts, { signal: own });
            },
            {
              tokens: weight,
              // without the model's own count, bytes bound its tokens
              worst:
                options.countTokens === undefined
                  ? texts.reduce((sum, text) => sum + utf8.encode(text).length, 0)
                  : weight,
            },
            shared,
            counts,
            call,
          );
          if (vectors.length !== texts.length) {
            throw new ClewError(
              "embedder-failed",
              `${id} returned ${vectors.length} vectors for ${texts.length} texts.`,
            );
          }
          for (const [at, text] of texts.entries()) byText.set(text, unitVector(vectors[at], { dimensions, id, text }));
          tokens += weight;
          onProgress?.(
            Math.min(given.length, blank + prepared.filter((text) => text !== "" && byText.has(text)).length),
          );
        },
      });
      span.set({ "gen_ai.usage.input_tokens": tokens, "clew.requests": counts.calls });
    });
    if (distinct.length === 0) onProgress?.(given.length);
    if (counts.retried.length > 0) {
      const { retried, waitedMs } = counts;
      const message = `${retried.length} requests to ${id} were repeated after ${[...new Set(retried)].join(", ")}.`;
      notes.push(note("retried", message, { times: retried.length, waitedMs: Math.round(waitedMs) }));
    }
    return {
      vectors: prepared.map((text) => byText.get(text)!),
      usage: {
        inputTokens: tokens,
        outputTokens: 0,
        calls: counts.calls,
        usd: counts.usd,
      },
      notes,
    };
  };

  return {
    fingerprint: {
      id,
      dimensions,
      pooling: "model",
      normalised: true,
      queryPrefix,
      documentPrefix,
      maxTokens,
    },
    languages,
    usdPerMillionTokens,
    tokenCounter: async () => countTokens,
    embedDocuments: async (texts, own = {}) => embed(texts, documentPrefix, false, own),
    embedQuery: async (text, own = {}) => embed([text], queryPrefix, true, own),
    close: async () => closing.abort(new ClewError("closed", `The embedder ${id} was closed; make a new one.`)),
  };
}

interface Counts {
  calls: number;
  usd: number;
  waitedMs: number;
  readonly retried: (number | "no answer")[];
}

const noCounts = (): Counts => ({ calls: 0, usd: 0, waitedMs: 0, retried: [] });

const utf8 = new TextEncoder();

const firstUnit = (dimensions: number): Float32Array =>
  Float32Array.from({ length: dimensions }, (_, index) => (index === 0 ? 1 : 0));

function modelOf(embeddings: object): string {
  const { model, modelName } = embeddings as { model?: unknown; modelName?: unknown };
  const found = [model, modelName].find((name) => typeof name === "string" && name !== "");
  if (typeof found === "string") return found;
  throw invalidOption(
    "id",
    "given for embeddings that name no model: the index remembers which model made its vectors",
  );
}
