import type { BaseChatModelCallOptions, BindToolsInput } from "@langchain/core/language_models/chat_models";

/** Call options of a scripted model, beside LangChain's own. */
export interface ScriptedCallOptions extends BaseChatModelCallOptions {
  tools?: BindToolsInput[];
  response_format?: unknown;
}
