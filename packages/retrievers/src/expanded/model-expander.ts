import {
  evidenceLedger,
  invalidOption,
  type ModelSource,
  type Note,
  note,
  noUsage,
  positiveInteger,
  type Runtime,
  renderEvidence,
  systemRuntime,
} from "@clew/core";
import { askModel } from "../asking/ask-model.js";
import type { Expander, ExpandOptions } from "./expander.js";

/** What every expander that asks a chat model can be told. */
export interface ModelExpanderOptions {
  /** Any LangChain chat model, or a function that chooses one for the call (role `expander`). */
  model: ModelSource;
  /**
   * Passages found by the original query that the model sees, so that it writes in the words of the corpus; 0 for none.
   * They reach it through `renderEvidence` only. @default 0
   */
  passages?: number | undefined;
  /** UTF-16 code units of these passages at most. @default 6000 */
  maxCharacters?: number | undefined;
  /** Most tokens of its answer; what is longer is cut, with a note. @default 400 */
  maxTokens?: number | undefined;
  /** Draws the fence of the passages. @default the system's */
  runtime?: Runtime | undefined;
}

/** Names of {@link ModelExpanderOptions}. */
export const modelExpanderOptions = [
  "model",
  "passages",
  "maxCharacters",
  "maxTokens",
  "runtime",
] satisfies (keyof ModelExpanderOptions)[];

/** What one expander is made of. */
export interface ModelExpanderKind {
  readonly id: string;
  /** What the model is to do, and in what form it answers. */
  readonly instructions: string;
  /** The queries in its answer; none where it is not of the form asked for. */
  readonly read: (answer: string) => readonly string[];
}

/** An expander that asks a chat model once. */
export function modelExpander(
  { id, instructions, read }: ModelExpanderKind,
  { model, passages = 0, maxCharacters = 6_000, maxTokens = 400, runtime = systemRuntime }: ModelExpanderOptions,
): Expander {
  if (typeof model !== "function" && !(typeof model === "object" && model !== null && "stream" in model)) {
    throw invalidOption("model", "a LangChain chat model, or a function that chooses one", model);
  }
  if (passages !== 0) positiveInteger("passages", passages);
  positiveInteger("maxCharacters", maxCharacters);
  positiveInteger("maxTokens", maxTokens);
  return {
    id,
    expand: async (query, { found, scope, signal, call, config }) => {
      const shown = passages === 0 ? undefined : await showPassages(query, found, { passages, maxCharacters, runtime });
      const notes: Note[] = [...(shown?.notes ?? [])];
      const answer = await askModel({
        model,
        role: "expander",
        subject: [id, query, ...(shown?.ids ?? [])],
        prompt: instructions,
        system: shown === undefined ? instructions : `${instructions} ${shown.instructions}`,
        user: `${shown === undefined ? "" : `${shown.text}\n\n`}Question: ${query}`,
        maxTokens,
        runtime,
        scope,
        signal,
        call,
        config,
      });
      notes.push(...answer.notes);
      if ("refused" in answer) {
        const limits = answer.refused.join(", ");
        notes.push(
          note("budget-reached", `The budget (${limits}) left no room for ${id}; the query was searched as it is.`, {
            expander: id,
            limits: [...answer.refused],
          }),
        );
        return { queries: [], notes, usage: noUsage };
      }
      return { queries: read(withoutThoughts(answer.text)).map((text) => ({ text })), notes, usage: answer.usage };
    },
  };
}

/** What a model says behind its `<think>…</think>`; nothing where it did not come to its end. */
function withoutThoughts(text: string): string {
  const end = text.lastIndexOf("</think>");
  if (end >= 0) return text.slice(end + "</think>".length);
  return /^\s*<think>/.test(text) ? "" : text;
}

interface ShowPassages {
  readonly passages: number;
  readonly maxCharacters: number;
  readonly runtime: Runtime;
}

async function showPassages(
  query: string,
  found: ExpandOptions["found"],
  { passages, maxCharacters, runtime }: ShowPassages,
): Promise<ReturnType<typeof renderEvidence> & { readonly ids: readonly string[] }> {
  const ledger = evidenceLedger();
  const hits = (await found()).hits.slice(0, passages);
  ledger.add(hits, { query, hop: 1 });
  const ids = hits.map(({ passage }) => passage.id);
  return { ...renderEvidence(ledger.list(), { runtime, maxChars: maxCharacters }), ids };
}
