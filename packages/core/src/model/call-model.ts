import { HumanMessage, SystemMessage } from "@langchain/core/messages";
import type { ServedModel } from "../agent/model-source.js";
import { ClewError } from "../errors/clew-error.js";
import type { JsonObject } from "../json.js";
import type { CallSite } from "../run/journal.js";
import { isRefused, namesOf } from "../run/outbound.js";
import { RecordedFailure } from "../run/recorded-failure.js";
import { type OpenSpan, type SpanAttributes, spanned } from "../run/spans.js";
import { raceSignal } from "../search/race-signal.js";
import type { Passage } from "../source/passage.js";
import { contentHash } from "../text/content-hash.js";
import { asData, type FailedCall, failAgain, failedCall, NoRoom, Withheld } from "./failed-call.js";
import { isRemoteModel } from "./is-remote.js";
import type { ModelCall } from "./model-call.js";
import { failureOf } from "./model-failure.js";
import type { ModelReply } from "./model-reply.js";
import { type ModelPrice, priceOfServed } from "./prices.js";
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
  const { role, served, form } = request;
  call.signal?.throwIfAborted();
  for (const one of served.notes) await call.note?.(one);
  const price = priceOfServed(call.prices, served.served);
  if (price === undefined && call.meter.budget.usd !== undefined) {
    throw new ClewError(
      "budget-impossible",
      `The budget has a limit of usd, and the price of ${served.served} is not known: add it to { prices }.`,
    );
  }
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
  return spanned(call, start, (span) => ask(call, request, { price, span }));
}

/** Asks, unless the journal has the answer, and counts what it cost. */
async function ask(
  call: ModelCall,
  request: ModelRequest,
  { price, span }: { readonly price: ModelPrice | undefined; readonly span: OpenSpan },
): Promise<ModelReply> {
  const { role, served, site, system, user, form, onText } = request;
  const head = {
    role,
    served: served.served,
    method: form?.method ?? "text",
    prompt: contentHash(request.prompt ?? system),
  };
  const texts = { role, characters: system.length + user.length, ...namesOf(request.passages) };
  const left = (): { readonly outbound?: JsonObject[] } => {
    const sent = sending?.left(texts) ?? [];
    return sent.length === 0 ? {} : { outbound: sent as readonly object[] as JsonObject[] };
  };
  let sending: Sending | undefined;
  let failed: FailedCall | undefined;
  span.texts((clean) => ({
    "gen_ai.system_instructions": JSON.stringify([{ type: "text", content: clean(system) }]),
    "gen_ai.input.messages": JSON.stringify([{ role: "user", parts: [{ type: "text", content: clean(user) }] }]),
  }));
  try {
    const asked = async (): Promise<JsonObject> => {
      sending = await roomFor(call, request, price);
      const { reply, by } = await sending.send();
      return { ...head, served: by ?? served.served, ...reply, ...left() };
    };
    const kept = (await call.journal.once(site, "model", asked, {
      failed: (error) => {
        failed ??= failedCall(error, { call, served: served.served, sending });
        return { ...head, ...asData(failed), ...left() };
      },
    })) as JsonObject & KeptReply;
    span.set({ ...spanOfReply(kept), ...(sending === undefined ? { "clew.kept": true } : {}) });
    span.texts((clean) => ({ "gen_ai.output.messages": outputMessages(kept, clean) }));
    if (sending === undefined) call.meter.charge(kept.usage);
    // what was heard comes before what is said of it, whether it was heard now or is kept
    if ((sending?.heard() ?? "") === "" && kept.text !== "") onText?.(kept.text);
    for (const one of kept.notes) await call.note?.(one);
    for (const one of replyNotes(kept, { role, served: served.served, asked: request.maxTokens, call, form })) {
      await call.note?.(one);
    }
    if (kept.refused !== null && kept.text === "" && kept.args === null) {
      span.failed(new ClewError("model-failed", "The model refuses to answer."));
      return { kind: "failed", reason: `it refuses to answer (${kept.refused})`, hopeless: true };
    }
    return {
      kind: "reply",
      text: kept.text,
      ...(kept.args === null ? {} : { args: kept.args }),
      ...(kept.cut === null ? {} : { cut: kept.cut }),
    };
  } catch (error) {
    if (error instanceof RecordedFailure) return await failAgain(call, error, onText);
    call.signal?.throwIfAborted();
    failed ??= failedCall(error, { call, served: served.served, sending });
    const { refused, reason, hopeless, code, notes } = failed;
    if (refused !== undefined) return { kind: "refused", limits: refused };
    span.failed(error);
    if (code !== undefined) failureOf(error, served.served);
    for (const one of notes) await call.note?.(one);
    const cause = error instanceof Withheld ? error.cause : error;
    return { kind: "failed", reason, ...(hopeless === true ? { hopeless } : {}), cause };
  } finally {
    sending?.close();
  }
}

/**
 * Sets room aside for a request.
 *
 * @throws NoRoom where there is none; Withheld where the role may not send texts there; the signal's reason
 */
async function roomFor(call: ModelCall, request: ModelRequest, price: ModelPrice | undefined): Promise<Sending> {
  const { served, role, system, user, form, onText } = request;
  const remote = served.remote ?? isRemoteModel(served.model, call.outbound?.localHosts);
  if (isRefused(call.outbound, role, remote)) throw new Withheld(role, served.served);
  const prompt = await raceSignal(promptTokens(system + user + (form?.promptText ?? ""), served), call.signal);
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
  if ("refused" in sending) throw new NoRoom(sending.refused);
  return sending;
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
