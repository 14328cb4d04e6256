import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { AIMessageChunk, HumanMessage, SystemMessage } from "@langchain/core/messages";
import type { RunnableConfig } from "@langchain/core/runnables";

/** The part of a chat model that is used: everything is streamed, so that adapters neither parse nor repeat. */
export interface Streams {
  stream(messages: (SystemMessage | HumanMessage)[], config?: RunnableConfig): Promise<AsyncIterable<AIMessageChunk>>;
}

/** The form in which a model is to answer. */
export interface ReplyForm {
  /** Its name in the record: `jsonSchema`, `tool`, … */
  readonly method: string;
  /** Adds the call options that make the model answer in it. */
  readonly bind: (model: BaseChatModel) => Streams;
  /** The tool that it is to call. @default any */
  readonly tool?: string | undefined;
  /** What the call options add to the prompt, such as a schema: its tokens count. @default "" */
  readonly promptText?: string | undefined;
}
