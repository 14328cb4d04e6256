import type { BaseChatModelCallOptions, BindToolsInput } from "@langchain/core/language_models/chat_models";

/** A form that the answer must have, as OpenAI's protocol writes it; each kind translates it to what its server takes. */
export type ResponseFormat =
  | { readonly type: "text" }
  | { readonly type: "json_object" }
  | {
      readonly type: "json_schema";
      readonly json_schema: { readonly name: string; readonly schema: object; readonly strict?: boolean | undefined };
    };

/** Call options of an endpoint, beside LangChain's own (`stop`, `signal`, `tool_choice`). */
export interface EndpointCallOptions extends BaseChatModelCallOptions {
  tools?: BindToolsInput[] | undefined;
  response_format?: ResponseFormat | undefined;
  /** Most tokens of the answer. */
  maxTokens?: number | undefined;
  temperature?: number | undefined;
  seed?: number | undefined;
  /** Log-probabilities of the tokens written, where the server gives them; found in `response_metadata.logprobs`. */
  logprobs?: boolean | undefined;
  /** A grammar that the answer must keep to: GBNF for llama.cpp and vLLM, a regular expression for TGI. */
  grammar?: string | undefined;
}
