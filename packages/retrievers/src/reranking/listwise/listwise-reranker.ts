import {
  ClewError,
  callModel,
  checkKeys,
  type Hit,
  invalidOption,
  modelCall,
  type Note,
  nonNegative,
  note,
  positiveInteger,
  type Reranked,
  type Reranker,
  type RerankOptions,
  type Runtime,
  servedAs,
  startDeadline,
  systemRuntime,
} from "@clew/core";
import { contentHash } from "@clew/core/text";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { orderPrompt } from "./order-prompt.js";
import { parseOrder } from "./parse-order.js";
import { windowStarts } from "./window-starts.js";

/** Options of {@link listwiseReranker}. */
export interface ListwiseRerankerOptions {
  /** Any LangChain chat model. */
  model: BaseChatModel;
  /** Passages that the model orders at once (2 or more). @default 10 */
  window?: number | undefined;
  /** Passages by which the window moves up the list. @default half the window */
  step?: number | undefined;
  /** Calls for one list at most; the hits that the windows of so many calls do not reach keep their place behind, with a note. @default 10 */
  maxCalls?: number | undefined;
  /** UTF-16 code units of passages in one prompt at most; each passage has an equal part. @default 24000 */
  maxCharacters?: number | undefined;
  /** Most tokens of one answer: room to think, and the ids. @default 1024 */
  maxTokens?: number | undefined;
  /** Draws the fence of the passages. @default the run's, else the system's */
  runtime?: Pick<Runtime, "random"> | undefined;
}

/** Tokens that the id of a passage takes in an answer, with its quotes. */
const tokensPerId = 6;

/**
 * Lets a chat model order the hits: a window slides from the end of the list to its head, and what the model puts first
 * moves up with it. An answer that names none of the passages leaves the window as it was, with a note. The head is
 * right only when the last window is done: when the deadline passes or the budget ends before, the head keeps its order
 * and what was done behind it stands, with a note. Its scores count down the final order.
 *
 * @throws ClewError `invalid-option`; its calls `reranker-failed` when the model fails
 * @see Sun et al., "Is ChatGPT Good at Search? Investigating Large Language Models as Re-Ranking Agents", EMNLP 2023
 */
export function listwiseReranker(options: ListwiseRerankerOptions): Reranker {
  checkKeys("listwiseReranker", options, [
    "model",
    "window",
    "step",
    "maxCalls",
    "maxCharacters",
    "maxTokens",
    "runtime",
  ] satisfies (keyof ListwiseRerankerOptions)[]);
  const { model, window = 10, step = Math.ceil(window / 2), maxCalls = 10, maxCharacters = 24_000, runtime } = options;
  const { maxTokens = 1024 } = options;
  if (positiveInteger("window", window) < 2) throw invalidOption("window", "a whole number of 2 or more", window);
  if (positiveInteger("step", step) > window) throw invalidOption("step", "no larger than the window", step);
  positiveInteger("maxCalls", maxCalls);
  positiveInteger("maxCharacters", maxCharacters);
  positiveInteger("maxTokens", maxTokens);
  const id = `listwise:${model._llmType()}`;
  const served = servedAs(model);

  const rerank = async (
    query: string,
    hits: readonly Hit[],
    { signal, deadlineMs, call }: RerankOptions = {},
  ): Promise<Reranked> => {
    if (deadlineMs !== undefined) nonNegative("deadlineMs", deadlineMs);
    const outer = signal ?? call?.signal;
    outer?.throwIfAborted();
    const deadline = startDeadline({ ms: deadlineMs, signal: outer, runtime: call?.runtime ?? systemRuntime });
    const own = modelCall({ call, signal: deadline.signal, runtime: systemRuntime });
    const { notes } = own;
    let done = 0;
    const reach = Math.min(hits.length, window + (maxCalls - 1) * step);
    const order = hits.slice(0, reach);
    const starts = windowStarts(reach, window, step);

    /** One window; false when the budget does not allow it. */
    const askFor = async (start: number): Promise<boolean> => {
      const part = order.slice(start, start + window);
      const prompt = orderPrompt({
        query,
        hits: part,
        maxCharacters,
        runtime: runtime ?? call?.runtime ?? systemRuntime,
      });
      const reply = await callModel(own, {
        role: "reranker",
        served,
        site: {
          node: id,
          branch: contentHash(JSON.stringify([query, ...part.map(({ passage }) => passage.id)])),
          ordinal: start,
        },
        prompt: prompt.prompt,
        system: prompt.system,
        user: prompt.user,
        passages: part.map(({ passage }) => passage),
        maxTokens,
        minTokens: tokensPerId * part.length,
      });
      if (reply.kind === "refused") {
        const limits = [...reply.limits];
        const message = `${id} ordered ${done} of ${starts.length} windows: the limit of ${limits.join(", ")} was reached.`;
        own.notes.push(note("budget-reached", message, { limits }));
        return false;
      }
      if (reply.kind === "failed") {
        if (ClewError.isInstance(reply.cause) && reply.cause.code !== "model-failed") throw reply.cause;
        throw new ClewError("reranker-failed", `The chat model that orders the hits failed: ${reply.reason}.`, {
          cause: reply.cause,
        });
      }
      const shown = new Set(prompt.shown.map((shownId) => Number(shownId.slice(1)) - 1));
      const named = parseOrder(reply.text, part.length).filter((position) => shown.has(position));
      own.notes.push(...prompt.notes, ...remarks(id, named.length, part.length));
      const first = new Set(named);
      const ordered = [...named.map((at) => part[at]!), ...part.filter((_, at) => !first.has(at))];
      order.splice(start, part.length, ...ordered);
      return true;
    };

    try {
      for (const start of starts) {
        if (deadline.passed() || !(await askFor(start))) break;
        done += 1;
      }
    } catch (error) {
      outer?.throwIfAborted();
      if (!deadline.passed()) throw error;
    } finally {
      deadline.clear();
    }

    if (done < starts.length && deadline.passed()) {
      const message = `${id} ordered ${done} of ${starts.length} windows within ${deadlineMs} ms; the head keeps its order.`;
      notes.push(note("deadline-passed", message, { windows: done, of: starts.length }));
    }
    if (done === 0 && starts.length > 0) return { scores: hits.map(() => undefined), notes, usage: own.usage() };
    if (reach < hits.length) {
      const message = `${id} ordered the first ${reach} of ${hits.length} hits in ${maxCalls} calls; the rest keeps its place.`;
      notes.push(note("reranked-partly", message, { reached: reach, of: hits.length }));
    }
    const rank = new Map(order.map(({ passage }, index) => [passage.id, index]));
    const scores = hits.map(({ passage }) => {
      const at = rank.get(passage.id);
      return at === undefined ? undefined : reach - at;
    });
    return { scores, notes, usage: own.usage() };
  };

  return { id, scale: "complete", rerank };
}

/** What is to be said of an answer that does not name every passage. */
function remarks(id: string, named: number, of: number): Note[] {
  if (named === of) return [];
  if (named === 0) {
    const message = `${id} named none of the ${of} passages that it was to order; they keep their order.`;
    return [note("fell-back", message, { of })];
  }
  const message = `${id} ordered ${named} of ${of} passages; the rest of them keeps its order behind.`;
  return [note("reranked-partly", message, { reached: named, of })];
}
