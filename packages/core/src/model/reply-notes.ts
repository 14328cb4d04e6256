import { type Note, note } from "../run/note.js";
import type { ModelCall } from "./model-call.js";
import type { ReplyForm } from "./reply-form.js";
import { estimatedNote, guessedNote, type KeptReply, retriedNote } from "./send-request.js";

/** Options of {@link replyNotes}. */
export interface ReplyNotesOptions {
  readonly role: string;
  readonly served: string;
  /** The limit that was asked for, before the budget had its say. */
  readonly asked: number;
  readonly call: ModelCall;
  readonly form: ReplyForm | undefined;
}

/** What is to be said of a reply: what was repeated, estimated, cut, held back or spent beyond its limit. */
export function replyNotes(kept: KeptReply, { role, served, asked, call, form }: ReplyNotesOptions): Note[] {
  const { failures, estimated, guessed, cut, refused, limit, limitSent, overrun, usage } = kept;
  const notes: Note[] = [];
  if (failures.length > 0) notes.push(retriedNote(served, failures));
  if (estimated) notes.push(estimatedNote(served));
  if (guessed) notes.push(guessedNote(served));
  const { tokens, usd } = call.meter.budget;
  if (!limitSent && (tokens !== undefined || usd !== undefined)) {
    notes.push(
      note("x-limit-not-sent", `The class of ${served} takes no limit of its answer; what is longer is cut here.`, {
        served,
      }),
    );
  }
  if (cut !== null) {
    const dropped = form === undefined ? "; a sentence that it had not finished is left out" : "";
    const lowered = limit < asked ? `, which budget or context had lowered from ${asked} to ${limit}` : "";
    const how =
      refused !== null
        ? `was stopped by the service's filter (${refused})`
        : cut === "no end"
          ? "broke off: the connection was closed before its end"
          : `was cut at its limit of tokens (${cut})${lowered}`;
    notes.push(note("cut", `The ${role}'s answer ${how}${dropped}.`, { role, reason: cut }));
  }
  if (overrun > 0) {
    notes.push(
      note("overrun", `${served} spent more as ${role} than was set aside for it.`, {
        role,
        overrun,
        spent: usage.inputTokens + usage.outputTokens,
      }),
    );
  }
  return notes;
}
