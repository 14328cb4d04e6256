import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { Call } from "../run/call.js";
import type { Note } from "../run/note.js";
import type { Capabilities } from "./capabilities.js";
import type { WriterForm } from "./writer-form.js";

/** Requests to one service on another machine. */
export interface SentRequests {
  readonly served: string;
  readonly requests: number;
}

/** A model chosen for one call. */
export interface ServedModel {
  readonly model: BaseChatModel;
  /**
   * What serves, for the trace: model, adapter, revision. Where that is known only afterwards (a fallback), the answer
   * says it in its `response_metadata`: see `servedBy`.
   */
  readonly served: string;
  readonly capabilities?: Capabilities | undefined;
  /** Counts a text as the model does, for the meter. @default an upper bound: bytes of UTF-8 */
  readonly countTokens?: ((text: string) => number | Promise<number>) | undefined;
  /** The prompt that it was trained on as a writer, and the shape of what it writes. @default the agent's own */
  readonly form?: WriterForm | undefined;
  /**
   * Whether asking it sends texts to another machine; false too of one that asks others and looks at each itself.
   * @default as `isRemoteModel` finds it
   */
  readonly remote?: boolean | undefined;
  /** Of one that asks others: takes the requests that went to other machines since it was last asked. */
  readonly sent?: (() => readonly SentRequests[]) | undefined;
  readonly notes: readonly Note[];
}

/** Where a role's model comes from: a chat model, or a function that chooses one by role, scope or canary. */
export type ModelSource = BaseChatModel | ((call: Call) => ServedModel | Promise<ServedModel>);
