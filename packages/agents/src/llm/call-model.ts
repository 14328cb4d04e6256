import {
  type BudgetLimit,
  type CallSite,
  type JsonObject,
  type JsonValue,
  note,
  type PolicyCall,
  raceSignal,
  type ServedModel,
  untilAborted,
} from "@clew/core";
import { contentHash, estimateTokens } from "@clew/core/text";
import { AIMessageChunk, HumanMessage, SystemMessage, type UsageMetadata } from "@langchain/core/messages";
import type { RunnableConfig } from "@langchain/core/runnables";
import { cutReason } from "./cut-reason.js";
import { failureOf } from "./model-failure.js";

/** What a model is asked. */
export interface ModelRequest {
  readonly role: string;
  readonly served: ServedModel;
  readonly site: CallSite;
  readonly system: string;
  readonly user: string;
  /** Call options that make it answer in a form: tools, a response format. @default free text */
  readonly form?: { readonly method: string; readonly bind: (model: ServedModel["model"]) => Streams } | undefined;
  /** Most tokens of its answer. */
  readonly maxTokens: number;
  /** Hears the text as it comes; a reply that the journal kept comes in one piece. */
  readonly onText?: ((text: string) => void) | undefined;
}

/** The part of a chat model that is used: everything is streamed, so that adapters neither parse nor repeat. */
export interface Streams {
  stream(messages: (SystemMessage | HumanMessage)[], config?: RunnableConfig): Promise<AsyncIterable<AIMessageChunk>>;
}

/** What came of it. */
export type ModelReply =
  | {
      readonly kind: "reply";
      readonly text: string;
      /** Arguments of the first tool call; absent where a cut left them incomplete. */
      readonly args?: JsonValue | undefined;
      /** What cut it short of its end: the provider's word, such as `length`, or the limit set here. Absent: nothing. */
      readonly cut?: string | undefined;
    }
  | { readonly kind: "refused"; readonly limits: readonly BudgetLimit[] }
  | { readonly kind: "failed"; readonly reason: string };

/** Tokens that chat formats add to each request. */
const overhead = 200;
/** Characters that a token holds at most, in prose; longer answers are cut. */
const charsPerToken = 8;

/**
 * Calls a model once: the worst case is set aside first, the reply goes through the journal, and what was spent is counted.
 * Of models that do not count, tokens are estimated, with a note.
 *
 * @throws the signal's reason; ClewError `service-refused` or `not-found` where no repetition would help
 */
export async function callModel(call: PolicyCall, request: ModelRequest): Promise<ModelReply> {
  const { role, served, site, system, user, form, maxTokens, onText } = request;
  call.signal?.throwIfAborted();
  for (const one of served.notes) await call.note?.(one);
  const worst = Buffer.byteLength(system) + Buffer.byteLength(user) + overhead;
  const reservation = call.meter.reserve({ inputTokens: worst, outputTokens: maxTokens, calls: 1 });
  if ("refused" in reservation) return { kind: "refused", limits: reservation.refused };
  let heard = false;
  try {
    const kept = await call.journal.once(site, "model", async (): Promise<JsonObject> => {
      const messages = [new SystemMessage(system), new HumanMessage(user)];
      const model: Streams = form === undefined ? served.model : form.bind(served.model);
      const { text, args, counted, cut } = await collect(
        untilAborted(await raceSignal(model.stream(messages, configFor(call, role)), call.signal), call.signal),
        maxTokens * charsPerToken,
        (piece) => {
          heard = true;
          onText?.(piece);
        },
      );
      const estimated = counted?.output_tokens === undefined;
      const usage = {
        inputTokens: counted?.input_tokens ?? estimateTokens(system + user),
        outputTokens: counted?.output_tokens ?? estimateTokens(args === undefined ? text : JSON.stringify(args)),
      };
      const prompt = contentHash(system);
      return {
        role,
        served: served.served,
        method: form?.method ?? "text",
        prompt,
        text,
        args: plain(args),
        usage,
        estimated,
        cut: cut === "here" ? `more than ${maxTokens} tokens` : (cut ?? null),
      };
    });
    const { inputTokens, outputTokens } = kept.usage as { inputTokens: number; outputTokens: number };
    reservation.settle({ inputTokens, outputTokens, calls: 1 });
    if (kept.estimated === true) {
      await call.note?.(note("x-usage-estimated", `${served.served} does not count its tokens; they are estimated.`));
    }
    const cut = typeof kept.cut === "string" ? kept.cut : undefined;
    if (cut !== undefined) {
      const dropped = form === undefined ? "; a sentence that it had not finished is left out" : "";
      await call.note?.(
        note("cut", `The ${role}'s answer was cut at its limit of tokens (${cut})${dropped}.`, { role, reason: cut }),
      );
    }
    if (inputTokens > worst || outputTokens > maxTokens) {
      await call.note?.(
        note("overrun", `${served.served} spent more as ${role} than was set aside for it.`, {
          role,
          reserved: worst + maxTokens,
          spent: inputTokens + outputTokens,
        }),
      );
    }
    const text = kept.text as string;
    if (!heard && text !== "") onText?.(text);
    return {
      kind: "reply",
      text,
      ...(kept.args === null ? {} : { args: kept.args }),
      ...(cut === undefined ? {} : { cut }),
    };
  } catch (error) {
    // the request was sent, whoever gave it up: what it cost is unknown, the prompt at least
    reservation.settle({ inputTokens: estimateTokens(system + user), calls: 1 });
    call.signal?.throwIfAborted();
    return { kind: "failed", reason: failureOf(error, served.served) };
  } finally {
    reservation.release();
  }
}

interface Collected {
  readonly text: string;
  /** Arguments of the first tool call. */
  readonly args: unknown;
  readonly counted: UsageMetadata | undefined;
  /** `here` where the text was longer than it may be; else what the provider says. */
  readonly cut: string | undefined;
}

async function collect(
  chunks: AsyncIterable<AIMessageChunk>,
  maxChars: number,
  onText: (text: string) => void,
): Promise<Collected> {
  // only what is not text: joining the text chunk by chunk would be quadratic
  let message: AIMessageChunk = new AIMessageChunk("");
  const texts: string[] = [];
  let length = 0;
  let cut: string | undefined;
  for await (const chunk of chunks) {
    const { text } = chunk;
    const room = maxChars - length;
    const piece = text.slice(0, room);
    if (piece !== "") {
      texts.push(piece);
      length += piece.length;
      onText(piece);
    }
    if (text.length > room) {
      cut = "here";
      break;
    }
    cut ??= cutReason(chunk);
    const { tool_call_chunks = [], usage_metadata } = chunk;
    if (tool_call_chunks.length > 0 || usage_metadata !== undefined) {
      message = message.concat(
        new AIMessageChunk({
          content: "",
          tool_call_chunks,
          ...(usage_metadata === undefined ? {} : { usage_metadata }),
        }),
      );
    }
  }
  const args = cut === undefined || isWhole(message) ? message.tool_calls?.[0]?.args : undefined;
  return { text: texts.join(""), args, counted: message.usage_metadata, cut };
}

/** Whether the first tool call came to its end: LangChain closes open braces by itself, so that half a call looks whole. */
function isWhole({ tool_call_chunks = [] }: AIMessageChunk): boolean {
  try {
    JSON.parse(tool_call_chunks[0]?.args ?? "");
    return true;
  } catch {
    // the caller says that the answer was cut
    return false;
  }
}

/** Only writers may show in a stream of messages. */
function configFor(call: PolicyCall, role: string): RunnableConfig {
  const silent = role === "writer" || role === "repair" ? [] : ["nostream"];
  return {
    ...call.config,
    runName: role,
    tags: [...(call.config?.tags ?? []), ...silent],
    ...(call.signal === undefined ? {} : { signal: call.signal }),
  };
}

const plain = (args: unknown): JsonValue =>
  args === undefined ? null : (JSON.parse(JSON.stringify(args)) as JsonValue);
