import {
  addUsage,
  ClewError,
  checkKeys,
  evidenceLedger,
  type Hit,
  invalidOption,
  type Note,
  note,
  noUsage,
  positiveInteger,
  type Reranked,
  type Reranker,
  type RerankOptions,
  type Runtime,
  renderEvidence,
  systemRuntime,
  type Usage,
} from "@clew/core";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { HumanMessage, SystemMessage, type UsageMetadata } from "@langchain/core/messages";
import { parseOrder } from "./parse-order.js";

/** Options of {@link listwiseReranker}. */
export interface ListwiseRerankerOptions {
  /** Any LangChain chat model. */
  model: BaseChatModel;
  /** Passages that the model orders at once. @default 10 */
  window?: number | undefined;
  /** Passages by which the window moves up the list. @default half the window */
  step?: number | undefined;
  /** UTF-16 code units of passages in one prompt at most. @default 24000 */
  maxCharacters?: number | undefined;
  /** Draws the fence of the passages. @default the system's */
  runtime?: Pick<Runtime, "random"> | undefined;
}

/**
 * Lets a chat model order the hits: a window slides from the end of the list to its head, and what the model puts first
 * moves up with it. The head is right only when the last window is done, so a deadline that passes before leaves every
 * hit unscored but those of a finished pass; the order before it stands.
 *
 * @throws ClewError `invalid-option`
 * @see Sun et al., "Is ChatGPT Good at Search? Investigating Large Language Models as Re-Ranking Agents", EMNLP 2023
 */
export function listwiseReranker(options: ListwiseRerankerOptions): Reranker {
  checkKeys("listwiseReranker", options, [
    "model",
    "window",
    "step",
    "maxCharacters",
    "runtime",
  ] satisfies (keyof ListwiseRerankerOptions)[]);
  const { model, window = 10, step = Math.ceil(window / 2), maxCharacters = 24_000, runtime = systemRuntime } = options;
  if (positiveInteger("window", window) < 2) throw invalidOption("window", "a whole number of 2 or more", window);
  if (positiveInteger("step", step) > window) throw invalidOption("step", "no larger than the window", step);
  positiveInteger("maxCharacters", maxCharacters);
  return {
    id: `listwise:${model._llmType()}`,
    scale: "complete",
    rerank: async (query, hits, { signal, deadlineMs, call }: RerankOptions = {}): Promise<Reranked> => {
      const own = signal ?? call?.signal;
      const deadline = deadlineMs === undefined ? undefined : AbortSignal.timeout(deadlineMs);
      const linked = AbortSignal.any([own, deadline].filter((one) => one !== undefined));
      const notes: Note[] = [];
      let usage: Usage = noUsage;
      let order = [...hits];
      try {
        for (const start of windows(hits.length, window, step)) {
          linked.throwIfAborted();
          const part = order.slice(start, start + window);
          const asked = ask(query, part, maxCharacters, runtime);
          notes.push(...asked.notes);
          const answer = await model.invoke(asked.messages, {
            ...call?.config,
            signal: linked,
            tags: [...(call?.config?.tags ?? []), "nostream"],
          });
          const spent = usageOf(answer);
          usage = addUsage(usage, spent);
          call?.meter.charge(spent);
          const ordered = reorder(part, answer.text, notes);
          order = [...order.slice(0, start), ...ordered, ...order.slice(start + window)];
        }
      } catch (error) {
        own?.throwIfAborted();
        if (deadline?.aborted) {
          const late = note("deadline-passed", `The chat model did not order the hits within ${deadlineMs} ms.`, {
            scored: 0,
            of: hits.length,
          });
          return { scores: hits.map(() => undefined), notes: [...notes, late], usage };
        }
        if (ClewError.isInstance(error)) throw error;
        throw new ClewError("reranker-failed", "The chat model that orders the hits failed.", { cause: error });
      }
      const rank = new Map(order.map(({ passage }, index) => [passage.id, index]));
      return { scores: hits.map(({ passage }) => hits.length - rank.get(passage.id)!), notes, usage };
    },
  };
}

/** Where windows begin, from the end of the list to its head. */
function* windows(length: number, window: number, step: number): Generator<number> {
  if (length < 2) return;
  for (let start = Math.max(0, length - window); ; start = Math.max(0, start - step)) {
    yield start;
    if (start === 0) return;
  }
}

function ask(query: string, hits: readonly Hit[], maxCharacters: number, runtime: Pick<Runtime, "random">) {
  const ledger = evidenceLedger();
  ledger.add(hits, { query, hop: 1 });
  const { text, instructions, notes } = renderEvidence(ledger.list(), { runtime, maxChars: maxCharacters });
  const messages = [
    new SystemMessage(
      `You order passages by how well they help to answer a question. ${instructions} Answer with the ids of all passages, most helpful first, as JSON: {"order": ["E2", "E1"]}. Nothing else.`,
    ),
    new HumanMessage(`${text}\n\nQuestion: ${query}`),
  ];
  return { messages, notes };
}

/** The window as the model ordered it; what it left out keeps its place behind. */
function reorder(part: readonly Hit[], answer: string, notes: Note[]): Hit[] {
  const named = parseOrder(answer, part.length);
  if (named.length === 0) {
    throw new ClewError("reranker-failed", "The chat model named none of the passages that it was to order.");
  }
  if (named.length < part.length) {
    notes.push(
      note(
        "reranked-partly",
        `The chat model ordered ${named.length} of ${part.length} passages; the rest keeps its order.`,
        {
          reached: named.length,
          of: part.length,
        },
      ),
    );
  }
  const first = new Set(named);
  return [...named.map((index) => part[index]!), ...part.filter((_, index) => !first.has(index))];
}

const usageOf = ({ usage_metadata: counted }: { usage_metadata?: UsageMetadata | undefined }): Usage => ({
  ...noUsage,
  calls: 1,
  inputTokens: counted?.input_tokens ?? 0,
  outputTokens: counted?.output_tokens ?? 0,
});
