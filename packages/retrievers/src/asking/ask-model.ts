import {
  type Call,
  ClewError,
  callModel,
  type ModelSource,
  memoryJournal,
  meter,
  modelCall,
  type Note,
  type Runtime,
  raceSignal,
  type Scope,
  type ServedModel,
  servedAs,
  type Usage,
} from "@clew/core";
import { contentHash } from "@clew/core/text";
import type { RunnableConfig } from "@langchain/core/runnables";

/** What a model is asked. */
export interface AskModelOptions {
  readonly model: ModelSource;
  /** The role under which a {@link ModelSource} is asked, and the name in traces. */
  readonly role: string;
  readonly system: string;
  /** What is asked without what is drawn at random: names the call in the journal. */
  readonly subject: readonly string[];
  /** The prompt alone, for the record. */
  readonly prompt: string;
  readonly user: string;
  /** Most tokens of its answer. */
  readonly maxTokens: number;
  readonly runtime: Runtime;
  readonly scope: Scope | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly call?: Call | undefined;
  readonly config?: RunnableConfig | undefined;
}

/** Its answer, or what forbade to ask: limits of the budget, the context of the model. Charged to the meter of the call. */
export type ModelAnswer =
  | { readonly text: string; readonly notes: readonly Note[]; readonly usage: Usage }
  | { readonly refused: readonly string[]; readonly notes: readonly Note[] };

/**
 * Asks a chat model once, by core's `callModel`, inside of a run or outside of any.
 *
 * @throws the signal's reason; ClewError `model-failed`, `invalid-option`, and what `callModel` throws
 */
export async function askModel(asked: AskModelOptions): Promise<ModelAnswer> {
  const { role, subject, prompt, system, user, maxTokens, signal, call, config, runtime } = asked;
  signal?.throwIfAborted();
  const served = await raceSignal(serve(asked), signal);
  const own = modelCall({ call, signal, config, runtime });
  const site = { node: role, branch: contentHash(JSON.stringify([prompt, ...subject])), ordinal: 0 };
  const reply = await callModel(own, { role, served, site, prompt, system, user, maxTokens });
  const { notes } = own;
  if (reply.kind === "refused") return { refused: reply.limits, notes };
  if (reply.kind === "reply") return { text: reply.text, notes, usage: own.usage() };
  if (ClewError.isInstance(reply.cause)) throw reply.cause;
  throw new ClewError("model-failed", `${served.served} failed as ${role}: ${reply.reason}`, { cause: reply.cause });
}

/** A chat model as it is, or the one that its source chooses for the call. */
async function serve({ model, role, scope, call, runtime, signal }: AskModelOptions): Promise<ServedModel> {
  if (typeof model !== "function") return servedAs(model);
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
