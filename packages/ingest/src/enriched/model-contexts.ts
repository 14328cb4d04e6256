import {
  addUsage,
  type Call,
  fenceTexts,
  type Note,
  note,
  noUsage,
  type Passage,
  type Runtime,
  raceSignal,
  redact,
  type SourceText,
  type Usage,
} from "@clew/core";
import { estimateTokens } from "@clew/core/text";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { HumanMessage, SystemMessage, type UsageMetadata } from "@langchain/core/messages";
import { oneLine } from "./rule-context.js";

/** Options of {@link modelContexts}. */
export interface ModelContextsOptions {
  readonly model: BaseChatModel;
  /** What the model is to do. */
  readonly prompt: string;
  /** Passages in which the model is asked at once. */
  readonly concurrency: number;
  /** Characters of a context at most. */
  readonly maxCharacters: number;
  /** Characters of the document that the model sees with a passage. */
  readonly maxDocumentCharacters: number;
  /** Failures in a row after which the rest of the source goes without. */
  readonly maxFailures: number;
  readonly runtime: Pick<Runtime, "random">;
  readonly signal: AbortSignal | undefined;
  readonly call: Call | undefined;
  readonly onContext: (passage: Passage, context: string) => Promise<void>;
  readonly onUsage: ((usage: Usage) => void) | undefined;
}

/** Tokens that a context and a chat format may take, for the budget. */
const answerTokens = 300;

/**
 * Asks a model for the context of each passage, several at once. A passage for which it fails goes without; after so many
 * failures in a row, or when the budget refuses, so does the rest.
 *
 * @returns what went wrong, as notes
 * @throws the signal's reason; what `onContext` throws
 */
export async function modelContexts(
  text: SourceText,
  passages: readonly Passage[],
  options: ModelContextsOptions,
): Promise<readonly Note[]> {
  const { model, prompt, concurrency, maxCharacters, maxFailures, signal, call, onContext, onUsage } = options;
  const { documents, cut } = documentsFor(text, passages, options);
  let next = 0;
  let inARow = 0;
  let without = 0;
  let reason = "";
  let refused: readonly string[] = [];
  let broken: { readonly error: unknown } | undefined;
  const leave = new AbortController();
  const linked = signal === undefined ? leave.signal : AbortSignal.any([signal, leave.signal]);

  const askFor = async (passage: Passage): Promise<void> => {
    const { document, fenced, instructions } = documents(passage);
    const system = `${prompt} ${instructions}`;
    const user = `${document}\n\n${fenced}`;
    const input = estimateTokens(system + user);
    const reservation = call?.meter.reserve({ inputTokens: input, outputTokens: answerTokens, calls: 1 });
    if (reservation !== undefined && "refused" in reservation) {
      refused = reservation.refused;
      without += 1;
      return;
    }
    let spent: Usage = { ...noUsage, inputTokens: input, calls: 1 };
    let context = "";
    try {
      const answering = model.invoke([new SystemMessage(system), new HumanMessage(user)], {
        ...call?.config,
        runName: "context",
        tags: [...(call?.config?.tags ?? []), "nostream"],
        signal: linked,
      });
      const answer = await raceSignal(answering, linked);
      context = oneLine(answer.text, maxCharacters);
      spent = usageOf(answer, input, answer.text);
      if (context === "") throw new Error("it answered nothing");
      inARow = 0;
    } catch (error) {
      linked.throwIfAborted();
      reason = redact(error instanceof Error ? error.message : String(error));
      inARow += 1;
      without += 1;
    } finally {
      // sent is sent, whoever gave it up
      reservation?.settle(spent);
      onUsage?.(spent);
    }
    if (context !== "") await onContext(passage, context);
  };
  const work = async (): Promise<void> => {
    while (next < passages.length && broken === undefined) {
      linked.throwIfAborted();
      if (inARow >= maxFailures || refused.length > 0) return;
      const passage = passages[next]!;
      next += 1;
      try {
        await askFor(passage);
      } catch (error) {
        // the others are told to stop, and are waited for: nothing runs on behind the caller's back
        broken ??= { error };
        leave.abort(error);
      }
    }
  };
  await Promise.allSettled(Array.from({ length: Math.min(concurrency, passages.length) }, work));
  signal?.throwIfAborted();
  if (broken !== undefined) throw broken.error;

  without += passages.length - next;
  const source = text.source.id;
  const notes: Note[] = [];
  if (cut > 0) {
    const message = `Of the document "${source}" the model saw only what stands around a passage, ${options.maxDocumentCharacters} characters.`;
    notes.push(note("cut", message, { source, passages: cut }));
  }
  if (without > 0) {
    const why = refused.length > 0 ? `the budget of ${refused.join(", ")} is used up` : reason;
    const message = `${without} passages of "${source}" went without context: ${why}`;
    notes.push(note("context-missing", message, { source, passages: without, reason: why }));
  }
  return notes;
}

interface Fenced {
  readonly document: string;
  readonly fenced: string;
  readonly instructions: string;
}

/**
 * The document and the passage as the model sees them. A document that has room is fenced once, so that its prompt begins
 * alike for all its passages, which is what providers cache; of a longer one each passage has its beginning and what
 * stands around it.
 */
function documentsFor(
  { text }: SourceText,
  passages: readonly Passage[],
  { maxDocumentCharacters, runtime }: ModelContextsOptions,
): { readonly documents: (passage: Passage) => Fenced; readonly cut: number } {
  if (text.length <= maxDocumentCharacters) {
    const names = [{ name: "document", text }, ...passages.map((passage) => ({ name: "passage", text: passage.text }))];
    const { texts, instructions } = fenceTexts(names, { runtime });
    const at = new Map(passages.map(({ id }, index) => [id, index + 1]));
    const documents = ({ id }: Passage): Fenced => ({
      document: texts[0]!,
      fenced: texts[at.get(id)!]!,
      instructions,
    });
    return { documents, cut: 0 };
  }
  const documents = (passage: Passage): Fenced => {
    const { texts, instructions } = fenceTexts(
      [
        { name: "document", text: excerpt(text, passage, maxDocumentCharacters) },
        { name: "passage", text: passage.text },
      ],
      { runtime },
    );
    return { document: texts[0]!, fenced: texts[1]!, instructions };
  };
  return { documents, cut: passages.length };
}

/** The beginning of a text, a quarter of the room, and what stands around a passage. */
function excerpt(text: string, { span: [start, end] }: Passage, room: number): string {
  const head = Math.floor(room / 4);
  const around = room - head;
  const from = Math.max(0, Math.min(start - Math.floor((around - (end - start)) / 2), text.length - around));
  if (from <= head) return text.slice(0, room).toWellFormed();
  return `${text.slice(0, head).toWellFormed()}\n[…]\n${text.slice(from, from + around).toWellFormed()}`;
}

function usageOf(
  { usage_metadata: counted }: { usage_metadata?: UsageMetadata | undefined },
  input: number,
  answer: string,
): Usage {
  return addUsage(noUsage, {
    ...noUsage,
    calls: 1,
    inputTokens: counted?.input_tokens ?? input,
    outputTokens: counted?.output_tokens ?? estimateTokens(answer),
  });
}
