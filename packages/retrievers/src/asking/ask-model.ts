import {
  type BudgetLimit,
  type Call,
  ClewError,
  type ModelSource,
  memoryJournal,
  meter,
  type Note,
  note,
  noUsage,
  type Runtime,
  raceSignal,
  type Scope,
  type ServedModel,
  type Usage,
  untilAborted,
} from "@clew/core";
import { estimateTokens } from "@clew/core/text";
import { AIMessageChunk, HumanMessage, SystemMessage, type UsageMetadata } from "@langchain/core/messages";
import type { RunnableConfig } from "@langchain/core/runnables";

/** What a model is asked. */
export interface AskModelOptions {
  readonly model: ModelSource;
  /** The role under which a {@link ModelSource} is asked, and the name in traces. */
  readonly role: string;
  readonly system: string;
  readonly user: string;
  /** Most tokens of its answer; what is longer is cut, at 8 characters a token. */
  readonly maxTokens: number;
  readonly runtime: Runtime;
  readonly scope: Scope | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly call?: Call | undefined;
  readonly config?: RunnableConfig | undefined;
}

/** Its answer, or the limits of the budget that forbade to ask. Charged to the meter of the call. */
export type ModelAnswer =
  | { readonly text: string; readonly notes: readonly Note[]; readonly usage: Usage }
  | { readonly refused: readonly BudgetLimit[]; readonly notes: readonly Note[] };

/** Tokens that chat formats add to a request. */
const overhead = 200;
const charsPerToken = 8;

/**
 * Asks a chat model once, streamed, and kept out of streams of messages. The worst case is set aside with the meter
 * first; of models that do not count their tokens they are estimated, with a note.
 *
 * @throws the signal's reason; ClewError `model-failed`, `invalid-option`
 */
export async function askModel(asked: AskModelOptions): Promise<ModelAnswer> {
  const { role, system, user, maxTokens, signal, call, config } = asked;
  signal?.throwIfAborted();
  const served = await raceSignal(serve(asked), signal);
  const worst = new TextEncoder().encode(system + user).length + overhead;
  const reservation = call?.meter.reserve({ inputTokens: worst, outputTokens: maxTokens, calls: 1 });
  if (reservation !== undefined && "refused" in reservation) {
    return { refused: reservation.refused, notes: served.notes };
  }
  const prompt = estimateTokens(system + user);
  try {
    const messages = [new SystemMessage(system), new HumanMessage(user)];
    const stream = await raceSignal(
      served.model.stream(messages, {
        ...config,
        runName: role,
        tags: [...(config?.tags ?? []), "nostream"],
        ...(signal === undefined ? {} : { signal }),
      }),
      signal,
    );
    const { text, counted, cut } = await collect(untilAborted(stream, signal), maxTokens * charsPerToken);
    const notes = [...served.notes];
    if (cut) notes.push(note("cut", `The ${role}'s answer was cut at ${maxTokens} tokens.`, { role }));
    if (counted?.output_tokens === undefined) {
      notes.push(note("x-usage-estimated", `${served.served} does not count its tokens; they are estimated.`));
    }
    const usage: Usage = {
      ...noUsage,
      calls: 1,
      inputTokens: counted?.input_tokens ?? prompt,
      outputTokens: counted?.output_tokens ?? estimateTokens(text),
    };
    reservation?.settle(usage);
    return { text, notes, usage };
  } catch (error) {
    // the request was sent, whoever gave it up: what it cost is unknown, the prompt at least
    reservation?.settle({ inputTokens: prompt, calls: 1 });
    signal?.throwIfAborted();
    if (ClewError.isInstance(error)) throw error;
    throw new ClewError("model-failed", `${served.served} failed as ${role}.`, { cause: error });
  }
}

/** A chat model as it is, or the one that its source chooses for the call. */
async function serve({ model, role, scope, call, runtime, signal }: AskModelOptions): Promise<ServedModel> {
  if (typeof model !== "function") return { model, served: nameOf(model), notes: [] };
  if (call !== undefined) return model({ ...call, role, signal });
  if (scope === undefined) {
    throw new ClewError(
      "invalid-option",
      `A model source chooses by scope, and this retriever has none: pass { call } to the search, or a chat model as the ${role}'s model.`,
    );
  }
  const run = runtime.id();
  return model({
    scope,
    role,
    signal,
    meter: meter({ budget: {}, runtime }),
    journal: memoryJournal({ run, runtime }),
    runtime,
  });
}

function nameOf(model: ServedModel["model"]): string {
  const named = model as { model?: unknown; modelName?: unknown };
  for (const name of [named.model, named.modelName]) if (typeof name === "string" && name !== "") return name;
  return model._llmType();
}

async function collect(
  chunks: AsyncIterable<AIMessageChunk>,
  maxChars: number,
): Promise<{ readonly text: string; readonly counted: UsageMetadata | undefined; readonly cut: boolean }> {
  let text = "";
  let counted = new AIMessageChunk("");
  for await (const chunk of chunks) {
    text += chunk.text;
    const { usage_metadata } = chunk;
    if (usage_metadata !== undefined) counted = counted.concat(new AIMessageChunk({ content: "", usage_metadata }));
    if (text.length > maxChars) return { text: text.slice(0, maxChars), counted: counted.usage_metadata, cut: true };
  }
  return { text, counted: counted.usage_metadata, cut: false };
}
