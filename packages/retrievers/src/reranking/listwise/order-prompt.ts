import { type EvidenceId, evidenceLedger, type Hit, type Note, note, type Runtime, renderEvidence } from "@clew/core";

/** Options of {@link orderPrompt}. */
export interface OrderPromptOptions {
  readonly query: string;
  /** The passages of one window, in the order known so far: `E1`, `E2`, … in the prompt. */
  readonly hits: readonly Hit[];
  /** UTF-16 code units of passages at most; each has an equal part of them. */
  readonly maxCharacters: number;
  readonly runtime: Pick<Runtime, "random">;
}

/** A prompt that asks for an order. */
export interface OrderPrompt {
  /** What the model is to do, without the rules for this fence. */
  readonly prompt: string;
  readonly system: string;
  readonly user: string;
  /** Ids of the passages that are in it. */
  readonly shown: readonly EvidenceId[];
  readonly notes: readonly Note[];
}

/** Characters of fence, title and section around a passage at most. */
const around = 500;
const least = 200;

const task = "You order passages by how well they help to answer a question.";
const form = 'Answer with the ids of all passages, most helpful first, as JSON: {"order": ["E2", "E1"]}. Nothing else.';

/** Makes the prompt that asks a chat model to order passages, which enter it through core's `renderEvidence` alone. */
export function orderPrompt({ query, hits, maxCharacters, runtime }: OrderPromptOptions): OrderPrompt {
  const room = Math.max(least, Math.floor(maxCharacters / hits.length) - around);
  const ledger = evidenceLedger();
  ledger.add(
    hits.map((hit) => ({ ...hit, passage: { ...hit.passage, text: hit.passage.text.slice(0, room).toWellFormed() } })),
    { query, hop: 1 },
  );
  const { text, instructions, shown, notes } = renderEvidence(ledger.list(), { runtime, maxChars: maxCharacters });
  const cut = hits.filter(({ passage }) => passage.text.length > room).length;
  return {
    prompt: `${task} ${form}`,
    system: `${task} ${instructions} ${form}`,
    user: `${text}\n\nQuestion: ${query}`,
    shown,
    notes:
      cut === 0
        ? notes
        : [...notes, note("cut", `${cut} passages were cut to ${room} characters for a chat model to order.`, { cut })],
  };
}
