import { HumanMessage, SystemMessage } from "@langchain/core/messages";
import type { ServedModel } from "../agent/model-source.js";
import { ClewError } from "../errors/clew-error.js";
import type { JsonObject } from "../json.js";
import type { CallSite } from "../run/journal.js";
import { RecordedFailure } from "../run/recorded-failure.js";
import { raceSignal } from "../search/race-signal.js";
import { contentHash } from "../text/content-hash.js";
import { asData, type FailedCall, failAgain, failedCall, NoRoom } from "./failed-call.js";
import type { ModelCall } from "./model-call.js";
import { failureOf } from "./model-failure.js";
import type { ModelReply } from "./model-reply.js";
import { type ModelPrice, priceOfServed } from "./prices.js";
import { promptTokens } from "./prompt-tokens.js";
import type { ReplyForm } from "./reply-form.js";
import { replyNotes } from "./reply-notes.js";
import { type KeptReply, type Sending, sendRequest } from "./send-request.js";

/** What a model is asked. */
export interface ModelRequest {
  readonly role: string;
  readonly served: ServedModel;
  readonly site: CallSite;
  readonly system: string;
  readonly user: string;
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
  const { role, served, site, system, form, onText } = request;
  call.signal?.throwIfAborted();
  for (const one of served.notes) await call.note?.(one);
  const price = priceOfServed(call.prices, served.served);
  if (price === undefined && call.meter.budget.usd !== undefined) {
    throw new ClewError(
      "budget-impossible",
      `The budget has a limit of usd, and the price of ${served.served} is not known: add it to { prices }.`,
    );
  }
  const head = {
    role,
    served: served.served,
    method: form?.method ?? "text",
    prompt: contentHash(request.prompt ?? system),
  };
  let sending: Sending | undefined;
  let failed: FailedCall | undefined;
  try {
    const asked = async (): Promise<JsonObject> => {
      sending = await roomFor(call, request, price);
      const { reply, by } = await sending.send();
      return { ...head, served: by ?? served.served, ...reply };
    };
    const kept = (await call.journal.once(site, "model", asked, {
      failed: (error) => {
        failed ??= failedCall(error, { call, served: served.served, sending });
        return { ...head, ...asData(failed) };
      },
    })) as JsonObject & KeptReply;
    if (sending === undefined) call.meter.charge(kept.usage);
    // what was heard comes before what is said of it, whether it was heard now or is kept
    if ((sending?.heard() ?? "") === "" && kept.text !== "") onText?.(kept.text);
    for (const one of kept.notes) await call.note?.(one);
    for (const one of replyNotes(kept, { role, served: served.served, asked: request.maxTokens, call, form })) {
      await call.note?.(one);
    }
    if (kept.refused !== null && kept.text === "" && kept.args === null) {
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
    if (code !== undefined) failureOf(error, served.served);
    for (const one of notes) await call.note?.(one);
    return { kind: "failed", reason, ...(hopeless === true ? { hopeless } : {}), cause: error };
  } finally {
    sending?.close();
  }
}

/**
 * Sets room aside for a request.
 *
 * @throws NoRoom where there is none; the signal's reason
 */
async function roomFor(call: ModelCall, request: ModelRequest, price: ModelPrice | undefined): Promise<Sending> {
  const { served, role, system, user, form, onText } = request;
  const prompt = await raceSignal(promptTokens(system + user + (form?.promptText ?? ""), served), call.signal);
  const sending = sendRequest(call, {
    served,
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
