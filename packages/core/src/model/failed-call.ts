import { ClewError } from "../errors/clew-error.js";
import type { JsonObject } from "../json.js";
import type { BudgetLimit } from "../run/budget.js";
import { type Note, note } from "../run/note.js";
import { outboundRefused } from "../run/outbound.js";
import { failureAgain, failureData, type RecordedFailure } from "../run/recorded-failure.js";
import { noUsage, type Usage } from "../run/usage.js";
import { mayPass, requestFailure } from "../search/retry-request.js";
import type { ModelCall } from "./model-call.js";
import { failureOf } from "./model-failure.js";
import type { ModelReply } from "./model-reply.js";
import type { Sending } from "./send-request.js";

/** A model call without a reply, as the record keeps it: all that a replay needs to fail the same way. Plain JSON. */
export interface FailedCall {
  /** Nothing was sent: what left no room. */
  readonly refused?: readonly (BudgetLimit | "context")[] | undefined;
  readonly reason: string;
  /** Asking in another form would not help. */
  readonly hopeless?: true | undefined;
  /** No other role and no second try would change it: thrown on, with this code. */
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  /** Its caller gave it up while it ran. */
  readonly givenUp?: true | undefined;
  /** Text that was heard before. */
  readonly text: string;
  readonly usage: Usage;
  readonly notes: readonly Note[];
}

/** Thrown where nothing leaves room for a request. */
export class NoRoom extends Error {
  override readonly name = "NoRoom";

  constructor(readonly limits: readonly (BudgetLimit | "context")[]) {
    super(`the limit of ${limits.join(", ")} leaves no room`);
  }
}

/** Thrown where a role may not send texts to another machine. */
export class Withheld extends Error {
  override readonly name = "Withheld";
  override readonly cause: ClewError;
  readonly note: Note;

  constructor(role: string, served: string) {
    super("it is on another machine, where the role may not send texts");
    this.cause = outboundRefused(role, served);
    this.note = note("outbound", this.cause.message, { role, served, refused: true });
  }
}

/** Options of {@link failedCall}. */
export interface FailedCallOptions {
  readonly call: ModelCall;
  readonly served: string;
  /** Absent: nothing was sent. */
  readonly sending: Sending | undefined;
}

/** Says how a model call ended that brought no reply. */
export function failedCall(error: unknown, { call, served, sending }: FailedCallOptions): FailedCall {
  if (error instanceof NoRoom) {
    return { refused: error.limits, reason: error.message, text: "", usage: noUsage, notes: [] };
  }
  if (error instanceof Withheld) {
    return { reason: error.message, hopeless: true, text: "", usage: noUsage, notes: [error.note] };
  }
  const ended = { text: sending?.heard() ?? "", usage: sending?.lost() ?? noUsage };
  if (call.signal?.aborted) return { reason: "it was given up", givenUp: true, ...ended, notes: [] };
  const notes = sending?.lossNotes() ?? [];
  try {
    const reason = failureOf(error, served);
    const failure = requestFailure(error, call.runtime);
    const { retryAfterMs: later } = failure;
    return {
      reason: later === undefined ? reason : `${reason}; it asks to wait ${Math.ceil(later / 1000)} s`,
      ...(mayPass(failure) ? { hopeless: true } : {}),
      ...ended,
      notes,
    };
  } catch (fatal) {
    return { reason: "it would fail each time", ...failureData(fatal), ...ended, notes };
  }
}

/** The same for the record. */
export const asData = (failed: FailedCall): JsonObject => JSON.parse(JSON.stringify(failed)) as JsonObject;

/**
 * Fails as a recorded call did: what was heard is heard again, what it cost is counted, and a call that was given up
 * waits to be given up.
 *
 * @throws what the recorded call threw; the signal's reason
 */
export async function failAgain(
  call: ModelCall,
  recorded: RecordedFailure,
  onText: ((text: string) => void) | undefined,
): Promise<ModelReply> {
  const { refused, reason, hopeless, code, givenUp, text, usage, notes } = recorded.data as unknown as FailedCall;
  if (refused !== undefined) return { kind: "refused", limits: refused };
  call.meter.charge(usage);
  if (text !== "") onText?.(text);
  if (givenUp === true) await aborted(call.signal);
  call.signal?.throwIfAborted();
  if (code !== undefined) throw failureAgain(recorded);
  for (const one of notes) await call.note?.(one);
  return { kind: "failed", reason, ...(hopeless === true ? { hopeless } : {}) };
}

/** Rejects with the signal's reason when it is aborted. */
function aborted(signal: AbortSignal | undefined): Promise<never> {
  if (signal === undefined) {
    throw new ClewError("replay-diverged", "A model call was given up when the run was recorded, and nothing ends it.");
  }
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
