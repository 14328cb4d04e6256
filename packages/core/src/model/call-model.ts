import { HumanMessage, SystemMessage } from "@langchain/core/messages";
import type { ServedModel } from "../agent/model-source.js";
import { ClewError } from "../errors/clew-error.js";
import type { JsonObject, JsonValue } from "../json.js";
import type { BudgetLimit } from "../run/budget.js";
import type { CallSite } from "../run/journal.js";
import { note } from "../run/note.js";
import { isRefused, namesOf, outboundRefused, recordSent, type SentTexts } from "../run/outbound.js";
import { type OpenSpan, type SpanAttributes, spanned } from "../run/spans.js";
import { mayPass, requestFailure } from "../search/retry-request.js";
import type { Passage } from "../source/passage.js";
import { contentHash } from "../text/content-hash.js";
import { isRemoteModel } from "./is-remote.js";
import type { ModelCall } from "./model-call.js";
import { failureOf } from "./model-failure.js";
import { priceOfServed } from "./prices.js";
import { promptTokens } from "./prompt-tokens.js";
import { providerOf } from "./provider-of.js";
import type { ReplyForm } from "./reply-form.js";
import { replyNotes } from "./reply-notes.js";
import { type KeptReply, type Sending, sendRequest } from "./send-request.js";
import { modelId } from "./served-model.js";

/** What a model is asked. */
export interface ModelRequest {
  readonly role: string;
  readonly served: ServedModel;
  readonly site: CallSite;
  readonly system: string;
  readonly user: string;
  /** Passages whose text is in the prompt, for the count of what leaves this machine. @default not known */
  readonly passages?: readonly Pick<Passage, "id" | "source">[] | undefined;
  /** The role's prompt alone, as it is versioned: its hash enters the record. @default system */
  readonly prompt?: string | undefined;
  /** @default free text */
  readonly form?: ReplyForm | undefined;
  /** Most tokens of its answer. */
  readonly maxTokens: number;
  /** Fewest tokens of an answer that are of use: a budget or a context that leaves fewer refuses. @default 64; 200 in a form */
  readonly minTokens?: number | undefined;
  /** Milliseconds of silence after which the service is given up. @default 120,000 */
  readonly timeoutMs?: number | undefined;
  /** Most repetitions of a request that failed; never more than the model's own `maxRetries`. @default 2 */
  readonly maxRetries?: number | undefined;
  /** Hears the text as it comes; a reply that the journal kept comes in one piece. */
  readonly onText?: ((text: string) => void) | undefined;
}

/** What came of it. */
export type ModelReply =
  | {
      readonly kind: "reply";
      readonly text: string;
      /** Arguments of the tool call; absent where a cut left them incomplete. */
      readonly args?: JsonValue | undefined;
      /** What cut it short of its end: the provider's word, such as `length`, or the limit set here. Absent: nothing. */
      readonly cut?: string | undefined;
    }
  /** Nothing was sent: the budget leaves no room, or the model's `context` takes no more. */
  | { readonly kind: "refused"; readonly limits: readonly (BudgetLimit | "context")[] }
  | {
      readonly kind: "failed";
      readonly reason: string;
      /** True where asking in another form would not help: the service is down, or the model refuses. */
      readonly hopeless?: boolean | undefined;
      /** What the last attempt rejected with. */
      readonly cause?: unknown;
    };

const defaults = { minTokens: 64, minFormTokens: 200, timeoutMs: 120_000, maxRetries: 2 };

/**
 * Asks a chat model once. The worst case is set aside with the meter first (an upper bound of the prompt's tokens, and
 * the limit of the answer), the limit shortened to what tokens, money and the model's context leave, and sent. A request
 * that fails in a way that may pass is repeated, as long as nothing of the answer was heard and budget and time allow it;
 * the model's own repetitions are switched off, so that each request is counted. The reply goes through the journal. Of
 * models that do not count, tokens are estimated, with a note.
 *
 * @throws the signal's reason; ClewError `service-refused` or `not-found` where no repetition would help, and
 *   `budget-impossible` for a model without a price under a limit of usd
 */
export async function callModel(call: ModelCall, request: ModelRequest): Promise<ModelReply> {
  const { role, served, system, user, form, onText } = request;
  call.signal?.throwIfAborted();
  for (const one of served.notes) await call.note?.(one);
  const remote = served.remote ?? isRemoteModel(served.model, call.outbound?.localHosts);
  if (isRefused(call.outbound, role, remote)) {
    const cause = outboundRefused(role, served.served);
    await call.note?.(note("outbound", cause.message, { role, served: served.served, refused: true }));
    return {
      kind: "failed",
      reason: "it is on another machine, where the role may not send texts",
      hopeless: true,
      cause,
    };
  }
  const price = priceOfServed(call.prices, served.served);
  if (price === undefined && call.meter.budget.usd !== undefined) {
    throw new ClewError(
      "budget-impossible",
      `The budget has a limit of usd, and the price of ${served.served} is not known: add it to { prices }.`,
    );
  }
  const prompt = await promptTokens(system + user + (form?.promptText ?? ""), served);
  const sending = sendRequest(call, {
    served,
    remote,
    role,
    messages: [new SystemMessage(system), new HumanMessage(user)],
    form,
    price,
    prompt,
    maxTokens: request.maxTokens,
    minTokens: request.minTokens ?? (form === undefined ? defaults.minTokens : defaults.minFormTokens),
    timeoutMs: request.timeoutMs ?? defaults.timeoutMs,
    maxRetries: request.maxRetries ?? defaults.maxRetries,
    onText,
  });
  if ("refused" in sending) return { kind: "refused", limits: sending.refused };
  const start = () => ({
    name: `chat ${served.served}`,
    kind: "client" as const,
    attributes: {
      "gen_ai.operation.name": "chat",
      "gen_ai.request.model": modelId(served.model),
      "gen_ai.request.stream": true,
      "gen_ai.output.type": form === undefined ? "text" : "json",
      "clew.role": role,
      ...providerOf(served.model),
    },
  });
  return spanned(call, start, (span) => ask(call, request, sending, span));
}

/** Asks, unless the journal has the answer, and counts what it cost. */
async function ask(call: ModelCall, request: ModelRequest, sending: Sending, span: OpenSpan): Promise<ModelReply> {
  const { role, served, site, system, user, form, onText } = request;
  const texts = { role, characters: system.length + user.length, ...namesOf(request.passages) };
  let asked = false;
  span.texts((clean) => ({
    "gen_ai.system_instructions": JSON.stringify([{ type: "text", content: clean(system) }]),
    "gen_ai.input.messages": JSON.stringify([{ role: "user", parts: [{ type: "text", content: clean(user) }] }]),
  }));
  try {
    const kept = (await call.journal.once(site, "model", async (): Promise<JsonObject> => {
      asked = true;
      const { reply, by } = await sending.send();
      const outbound = sending.left(texts);
      return {
        role,
        served: by ?? served.served,
        method: form?.method ?? "text",
        prompt: contentHash(request.prompt ?? system),
        ...reply,
        ...(outbound.length === 0 ? {} : { outbound: outbound as readonly SentTexts[] as unknown as JsonObject[] }),
      };
    })) as JsonObject & KeptReply;
    span.set({ ...spanOfReply(kept), ...(asked ? {} : { "clew.kept": true }) });
    span.texts((clean) => ({ "gen_ai.output.messages": outputMessages(kept, clean) }));
    sending.account(kept);
    for (const one of kept.notes) await call.note?.(one);
    for (const one of replyNotes(kept, { role, served: served.served, asked: request.maxTokens, call, form })) {
      await call.note?.(one);
    }
    if (kept.refused !== null && kept.text === "" && kept.args === null) {
      span.failed(new ClewError("model-failed", "The model refuses to answer."));
      return { kind: "failed", reason: `it refuses to answer (${kept.refused})`, hopeless: true };
    }
    if (!sending.heard() && kept.text !== "") onText?.(kept.text);
    return {
      kind: "reply",
      text: kept.text,
      ...(kept.args === null ? {} : { args: kept.args }),
      ...(kept.cut === null ? {} : { cut: kept.cut }),
    };
  } catch (error) {
    await recordSent(call, sending.left(texts));
    call.signal?.throwIfAborted();
    span.failed(error);
    const reason = failureOf(error, served.served);
    for (const one of sending.lossNotes()) await call.note?.(one);
    const failure = requestFailure(error, call.runtime);
    const { retryAfterMs: later } = failure;
    return {
      kind: "failed",
      reason: later === undefined ? reason : `${reason}; it asks to wait ${Math.ceil(later / 1000)} s`,
      ...(mayPass(failure) ? { hopeless: true } : {}),
      cause: error,
    };
  } finally {
    sending.close();
  }
}

/** What a reply says of itself, for its span. */
const spanOfReply = ({ served, usage, cut, limit }: JsonObject & KeptReply): SpanAttributes => ({
  ...(typeof served === "string" ? { "gen_ai.response.model": served } : {}),
  "gen_ai.request.max_tokens": limit,
  "gen_ai.response.finish_reasons": [cut ?? "stop"],
  "gen_ai.usage.input_tokens": usage.inputTokens,
  "gen_ai.usage.output_tokens": usage.outputTokens,
  "clew.requests": usage.calls,
});

const outputMessages = ({ text, args, cut }: KeptReply, clean: (text: string) => string): string =>
  JSON.stringify([
    {
      role: "assistant",
      parts: [{ type: "text", content: clean(args === null ? text : JSON.stringify(args)) }],
      finish_reason: cut ?? "stop",
    },
  ]);
