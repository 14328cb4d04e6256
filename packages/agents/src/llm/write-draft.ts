import {
  alignClaim,
  callModel,
  type DraftEvent,
  formParser,
  type ModelReply,
  type Note,
  note,
  type ParsedSentence,
  type Policy,
  type PolicyCall,
  type PolicyState,
  type ServedModel,
} from "@clew/core";
import { draftParser } from "./parse-draft.js";
import { passagesOf } from "./passages-of.js";
import { type WriterParts, writerPrompt } from "./writer-prompt.js";

/** What a writer is given beside the evidence, and how it is asked. */
export interface DraftRequest extends WriterParts {
  readonly served: ServedModel;
  readonly maxTokens: number;
  readonly timeoutMs?: number | undefined;
  /** Most characters of evidence. */
  readonly maxChars: number;
  /** Writes where the model cannot. */
  readonly fallback: Policy;
}

const notCovered = /^\W*NOT COVERED\W*$/i;
/** Evidence is halved so often when the budget is too small for all of it. */
const shrinks = 4;

/** Streams a draft: text as it comes, each sentence when it is complete, quotes found by code where the writer gave none. */
export async function* writeDraft(
  state: PolicyState,
  call: PolicyCall,
  request: DraftRequest,
): AsyncGenerator<DraftEvent> {
  const { role, fallback, served } = request;
  const parser = (served.form === undefined ? undefined : formParser(served.form)) ?? draftParser();
  // what is said of the text stands behind the text that was heard before it, however fast either comes
  const heard: (string | Note)[] = [];
  let wake: (() => void) | undefined;
  let reply: ModelReply | undefined;
  const failure: { error?: unknown } = {};
  const leaving = new AbortController();
  const signal = call.signal === undefined ? leaving.signal : AbortSignal.any([call.signal, leaving.signal]);
  const hear = (one: string | Note): void => {
    heard.push(one);
    wake?.();
  };
  const job = ask(state, { ...call, signal, note: async (one) => hear(one) }, request, hear).then(
    (done) => {
      reply = done;
      wake?.();
    },
    (error: unknown) => {
      failure.error = error;
      wake?.();
    },
  );
  let written = 0;
  try {
    for (;;) {
      for (let piece = heard.shift(); piece !== undefined; piece = heard.shift()) {
        if (typeof piece !== "string") {
          yield { type: "note", note: piece };
          continue;
        }
        yield { type: "delta", text: piece };
        for (const sentence of parser.push(piece)) {
          if (notCovered.test(sentence.text)) continue;
          written += 1;
          yield withCitations(sentence, state);
        }
      }
      if (reply !== undefined || "error" in failure) break;
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (heard.length > 0 || reply !== undefined || "error" in failure) resolve();
      });
    }
    if ("error" in failure) throw failure.error;
    let declined = false;
    const isCut = reply?.kind === "failed" || (reply?.kind === "reply" && reply.cut !== undefined);
    for (const sentence of parser.end(isCut)) {
      if (notCovered.test(sentence.text)) declined = true;
      else if (sentence.unfinished !== true) {
        written += 1;
        yield withCitations(sentence, state);
      }
    }
    if (written > 0) {
      if (reply?.kind === "failed") yield cutShort(role, reply.reason);
      return;
    }
    if (declined) {
      yield {
        type: "note",
        note: note("not-covered", "The writer finds that the evidence does not cover the question."),
      };
      return;
    }
    yield instead(role, reply!);
    yield* fallback.write(state, call);
  } finally {
    leaving.abort(new Error("the draft is no longer wanted"));
    await job;
  }
}

/** Asks with as much evidence as the budget allows. */
async function ask(
  state: PolicyState,
  call: PolicyCall,
  request: DraftRequest,
  onText: (text: string) => void,
): Promise<ModelReply> {
  const { role, served, maxTokens, timeoutMs, maxChars } = request;
  const site = { node: role, branch: `round ${state.hops.at(-1)?.hop ?? 0}` };
  let reply: ModelReply = { kind: "refused", limits: [] };
  for (let shrink = 0; shrink < shrinks && reply.kind === "refused"; shrink++) {
    const { system, user, prompt, shown, notes } = writerPrompt(state, request, {
      form: served.form,
      maxChars: Math.max(1, Math.floor(maxChars / 2 ** shrink)),
      runtime: call.runtime,
    });
    // to write without evidence is to make things up
    if (shown.length === 0) return shrink > 0 ? reply : { kind: "failed", reason: "no evidence fits into its prompt" };
    reply = await callModel(call, {
      role,
      served,
      site: { ...site, ordinal: shrink },
      prompt,
      system,
      user,
      passages: passagesOf(state, shown),
      maxTokens,
      timeoutMs,
      onText,
    });
    if (reply.kind !== "refused") for (const one of notes) await call.note?.(one);
  }
  return reply;
}

function withCitations({ text, citations, hints = [] }: ParsedSentence, { evidence }: PolicyState): DraftEvent {
  if (citations.length > 0) return { type: "sentence", text, citations };
  // what a bare number means is only known when the evidence of that number says it
  const meant = alignClaim(
    text,
    evidence.filter(({ id }) => hints.includes(id)),
  );
  return { type: "sentence", text, citations: meant.length > 0 ? meant : alignClaim(text, evidence) };
}

const cutShort = (role: string, reason: string): DraftEvent => ({
  type: "note",
  note: note("cut", `The ${role} broke off, and a sentence that it had not finished is left out: ${reason}`, {
    role,
    reason,
  }),
});

function instead(role: string, reply: ModelReply): DraftEvent {
  if (reply.kind === "refused") {
    const which = reply.limits.join(", ");
    return {
      type: "note",
      note: note(
        "budget-reached",
        `The limit of ${which} leaves no room for the ${role}; the best sentences are quoted.`,
        {
          limits: [...reply.limits],
        },
      ),
    };
  }
  const nothing =
    reply.kind === "reply" && reply.cut !== undefined
      ? "it was cut before its first sentence ended"
      : "it wrote nothing that can be read";
  const why = reply.kind === "failed" ? reply.reason : nothing;
  return {
    type: "note",
    note: note("fell-back", `The ${role} failed (${why}); the best sentences are quoted.`, { role }),
  };
}
