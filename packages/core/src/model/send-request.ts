import type { HumanMessage, SystemMessage } from "@langchain/core/messages";
import type { RunnableConfig } from "@langchain/core/runnables";
import type { ServedModel } from "../agent/model-source.js";
import { ClewError } from "../errors/clew-error.js";
import type { JsonObject, JsonValue } from "../json.js";
import type { BudgetLimit } from "../run/budget.js";
import { type Note, note } from "../run/note.js";
import type { SentTexts } from "../run/outbound.js";
import { addUsage, noUsage, type Usage } from "../run/usage.js";
import { raceSignal } from "../search/race-signal.js";
import { requestFailure, retryRequest } from "../search/retry-request.js";
import { sleep as realSleep } from "../search/sleep.js";
import { untilAborted } from "../search/until-aborted.js";
import { estimateTokens } from "../text/estimate-tokens.js";
import { type CollectedReply, collectReply } from "./collect-reply.js";
import { limitedModel } from "./limited-model.js";
import type { ModelCall } from "./model-call.js";
import { isUsedUp } from "./model-failure.js";
import { type ModelPrice, priceOfServed, usdOf } from "./prices.js";
import type { PromptTokens } from "./prompt-tokens.js";
import type { ReplyForm, Streams } from "./reply-form.js";
import { reserveAnswer } from "./reserve-answer.js";

/** One request, as {@link sendRequest} takes it. */
export interface RequestToSend {
  readonly served: ServedModel;
  /** Whether it is on another machine. */
  readonly remote: boolean;
  readonly role: string;
  readonly messages: (SystemMessage | HumanMessage)[];
  readonly form: ReplyForm | undefined;
  readonly price: ModelPrice | undefined;
  readonly prompt: PromptTokens;
  readonly maxTokens: number;
  readonly minTokens: number;
  readonly timeoutMs: number;
  readonly maxRetries: number;
  readonly onText: ((text: string) => void) | undefined;
}

/** A reply as the journal keeps it. */
export interface KeptReply extends JsonObject {
  readonly text: string;
  /** Arguments of the tool call; null without one that is whole. */
  readonly args: JsonValue;
  /** Spent on it, failed attempts included. */
  readonly usage: { readonly [field in keyof Usage]: number };
  /** Whether its tokens were estimated. */
  readonly estimated: boolean;
  /** Whether what a failed attempt cost is not known. */
  readonly guessed: boolean;
  readonly cut: string | null;
  /** The provider's word for a refusal. */
  readonly refused: string | null;
  /** The limit that was set for the answer, in tokens, and whether it was sent. */
  readonly limit: number;
  readonly limitSent: boolean;
  /** Tokens beyond what was set aside. */
  readonly overrun: number;
  /** What the model says of fallbacks, repetitions and waits of its own. */
  readonly notes: readonly (JsonObject & Note)[];
  /** What failed before: statuses, or `no answer`. */
  readonly failures: readonly string[];
}

/** A request whose worst case is set aside. */
export interface Sending {
  /** The reply, and who really served it, where the model says so. */
  send(): Promise<{ readonly reply: KeptReply; readonly by: string | undefined }>;
  /** Takes what went to other machines since it was last asked, as so many texts. */
  left(texts: Omit<SentTexts, "served" | "requests">): SentTexts[];
  /** The text that was heard so far. */
  heard(): string;
  /** What was spent on attempts that failed, or that are given up at this moment. */
  lost(): Usage;
  /** What is to be said when all attempts failed. */
  lossNotes(): Note[];
  /** Gives back what is still set aside. */
  close(): void;
}

/** Characters that a token holds at most, in prose; longer answers are cut. */
const charsPerToken = 8;
/** Longest wait before one repetition, in milliseconds; a service that asks for more has refused. */
const maxWaitMs = 20_000;
/** What providers call an answer that they held back. */
const refusals: ReadonlySet<string> = new Set([
  "content_filter",
  "content_filtered",
  "refusal",
  "safety",
  "guardrail_intervened",
]);

/** Sets the worst case of a request aside, or says what leaves no room for it. */
export function sendRequest(
  call: ModelCall,
  request: RequestToSend,
): Sending | { readonly refused: readonly (BudgetLimit | "context")[] } {
  const { served, form, price, prompt, timeoutMs } = request;
  const reserve = () =>
    reserveAnswer({
      meter: call.meter,
      price,
      prompt,
      maxTokens: request.maxTokens,
      minTokens: request.minTokens,
      contextTokens: served.capabilities?.contextTokens,
    });
  const first = reserve();
  if ("refused" in first) return first;
  let room = first;
  /** A request is out whose cost is not counted yet. */
  let out = false;
  let heard = "";
  let lost: Usage = noUsage;
  let guessed = false;
  /** The account is used up: a status that else passes. */
  let usedUp = false;
  const failures: string[] = [];
  let waitedMs = 0;
  let left = 0;

  /** What an attempt cost that failed: nothing where the service said so, else the prompt at least. */
  const lose = (error: unknown): void => {
    const { status } = requestFailure(error, call.runtime);
    const tokens = status === undefined ? { inputTokens: prompt.estimate, outputTokens: estimateTokens(heard) } : {};
    left += requestsOf(error);
    guessed ||= status === undefined;
    const spent = { ...noUsage, ...tokens, calls: requestsOf(error), usd: usdOf(price, tokens) };
    room.reservation.settle(spent);
    out = false;
    lost = addUsage(lost, spent);
    usedUp ||= isUsedUp(error);
    failures.push(status === undefined ? "no answer" : String(status));
  };

  /** What an attempt cost that its caller gave up: its prompt at least. */
  const given = (): Usage => {
    const tokens = { inputTokens: prompt.estimate, outputTokens: estimateTokens(heard), calls: 1 };
    return { ...tokens, usd: usdOf(price, tokens) };
  };

  const attempt = async (): Promise<CollectedReply & { readonly limitSent: boolean }> => {
    const own = new AbortController();
    const signal = call.signal === undefined ? own.signal : AbortSignal.any([call.signal, own.signal]);
    const silent = (): void =>
      own.abort(new ClewError("timed-out", `${served.served} timed out: it sent nothing for ${timeoutMs} ms.`));
    let timer = setTimeout(silent, timeoutMs);
    out = true;
    try {
      const asked: Streams = form === undefined ? served.model : form.bind(served.model);
      const { model, sendsLimit } = limitedModel(asked, room.maxTokens);
      const stream = await raceSignal(model.stream(request.messages, configFor(call, request.role, signal)), signal);
      const reply = await collectReply(untilAborted(stream, signal), {
        maxChars: room.maxTokens * charsPerToken,
        tool: form?.tool,
        onText: (piece) => {
          heard += piece;
          request.onText?.(piece);
        },
        onChunk: () => {
          clearTimeout(timer);
          timer = setTimeout(silent, timeoutMs);
        },
      });
      if (reply.brokenOff && reply.text === "" && reply.argsText === undefined && reply.refusal === "") {
        throw new ClewError("model-failed", `The connection to ${served.served} was closed before an answer came.`);
      }
      if (reply.cut === "here") own.abort(new Error("the rest of the answer is not wanted"));
      return { ...reply, limitSent: sendsLimit };
    } catch (error) {
      own.abort(error);
      lose(error);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  };

  return {
    send: async () => {
      const own = limitedModel(served.model, 1).maxRetries ?? Number.POSITIVE_INFINITY;
      const reply = await retryRequest({
        send: attempt,
        retries: Math.min(request.maxRetries, own),
        maxWaitMs,
        signal: call.signal,
        runtime: call.runtime,
        sleep: call.runtime.sleep ?? realSleep,
        mayRepeat: (_, waitMs) => {
          if (heard !== "" || usedUp || waitMs >= call.meter.remaining("ms")) return false;
          const again = reserve();
          if ("refused" in again) return false;
          room = again;
          return true;
        },
        onRetry: (_, waitMs) => {
          waitedMs += waitMs;
        },
      });
      const { counted, text, argsText } = reply;
      const counts = counted?.output_tokens !== undefined;
      const inputTokens = counted?.input_tokens ?? prompt.estimate;
      const outputTokens = counts ? counted.output_tokens : estimateTokens(text + (argsText ?? ""));
      const cachedInputTokens = counted?.input_token_details?.cache_read ?? 0;
      // requests that the model repeated or sent elsewhere by itself cost their prompt at least
      const more = Math.max(0, reply.requests - 1);
      const tokens = {
        inputTokens: inputTokens + more * prompt.estimate,
        outputTokens,
        calls: 1 + more,
      };
      const found = reply.served === undefined ? price : priceOfServed(call.prices, reply.served);
      const paid = found ?? price;
      const unpriced =
        found === undefined &&
        call.meter.budget.usd !== undefined &&
        reply.notes.some(({ code }) => code === "fell-back")
          ? [unpricedNote(reply.served!, served.served)]
          : [];
      const spent = { ...tokens, usd: usdOf(paid, { ...tokens, cachedInputTokens }) };
      room.reservation.settle(spent);
      out = false;
      left += 1 + more;
      const { worst } = room;
      const refusal = reply.finish !== undefined && refusals.has(reply.finish.toLowerCase()) ? reply.finish : undefined;
      const kept: KeptReply = {
        text,
        args: wholeArgs(reply),
        usage: { ...addUsage(lost, spent) },
        estimated: !counts,
        guessed: guessed || more > 0,
        cut: cutOf(reply, room.maxTokens) ?? refusal ?? null,
        refused: refusal ?? (reply.refusal === "" ? null : "refusal"),
        limit: room.maxTokens,
        limitSent: reply.limitSent,
        overrun:
          Math.max(0, tokens.inputTokens - (worst.inputTokens ?? 0)) + Math.max(0, outputTokens - room.maxTokens),
        notes: [...reply.notes, ...unpriced] as readonly Note[] as readonly (JsonObject & Note)[],
        failures: [...failures],
      };
      return { reply: kept, by: reply.served };
    },
    left: (texts) => {
      const own = request.remote && left > 0 ? [{ served: served.served, requests: left }] : [];
      left = 0;
      return [...own, ...(served.sent?.() ?? [])].map((sent) => ({
        ...texts,
        ...sent,
        characters: texts.characters * sent.requests,
      }));
    },
    heard: () => heard,
    lost: () => (out ? addUsage(lost, given()) : lost),
    lossNotes: () => {
      const repeated = failures.length - 1;
      const notes: Note[] = [];
      if (repeated > 0) notes.push(retriedNote(served.served, failures.slice(0, -1), waitedMs));
      if (guessed) notes.push(guessedNote(served.served));
      return notes;
    },
    close: () => {
      if (out) room.reservation.settle(given());
      room.reservation.release();
    },
  };
}

/** A note on requests that were repeated. */
export const retriedNote = (served: string, failures: readonly string[], waitedMs?: number): Note => {
  const times = failures.length;
  const which = times === 1 ? "A request" : `${times} requests`;
  return note("retried", `${which} to ${served} failed and was repeated (${[...new Set(failures)].join(", ")}).`, {
    served,
    times,
    ...(waitedMs === undefined ? {} : { waitedMs: Math.round(waitedMs) }),
  });
};

/** A note on tokens that nobody counted. */
export const estimatedNote = (served: string): Note =>
  note("x-usage-estimated", `${served} does not count its tokens; they are estimated.`);

/** A note on requests that failed without a word of what they cost. */
export const guessedNote = (served: string): Note =>
  note("x-usage-estimated", `What a failed request to ${served} cost is not known; its prompt is counted.`);

/** A note on a model that took over and whose price is not known. */
const unpricedNote = (by: string, served: string): Note =>
  note("x-price-unknown", `The price of ${by} is not known: it is counted as ${served}.`, { model: by });

/** Requests that were sent before it failed: a model that asks another one says so on its error. */
function requestsOf(error: unknown): number {
  const { requests } = (typeof error === "object" && error !== null ? error : {}) as { requests?: unknown };
  return typeof requests === "number" && requests >= 1 ? requests : 1;
}

function cutOf({ cut, brokenOff }: CollectedReply, limit: number): string | undefined {
  if (cut === "here") return `more than ${limit} tokens`;
  return cut ?? (brokenOff ? "no end" : undefined);
}

/** The arguments of a tool call, where they came to their end: half of them could be closed and look whole. */
function wholeArgs({ argsText, args }: CollectedReply): JsonValue {
  if (argsText === undefined) return args === undefined ? null : (JSON.parse(JSON.stringify(args)) as JsonValue);
  try {
    return JSON.parse(argsText) as JsonValue;
  } catch {
    // whoever reads the answer says that it does not fit, or was cut
    return null;
  }
}

/** Only writers may show in a stream of messages. */
function configFor({ config }: ModelCall, role: string, signal: AbortSignal): RunnableConfig {
  const silent = role === "writer" || role === "repair" ? [] : ["nostream"];
  return { ...config, runName: role, tags: [...(config?.tags ?? []), ...silent], signal };
}
