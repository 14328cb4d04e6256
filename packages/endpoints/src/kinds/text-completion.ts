import type { ResponseFormat } from "../endpoint-call-options.js";
import { type ChatTemplate, plainStop, plainTemplate } from "./chat-template.js";
import type { ChatWire } from "./chat-wire.js";
import { readTextCompletion } from "./openai-answer.js";
import { sampling } from "./openai-chat.js";

/** What differs among the servers that complete texts. */
export interface TextCompletionOptions {
  readonly model: string;
  /** @default "/completions" */
  readonly path?: string | undefined;
  readonly template?: ChatTemplate | undefined;
  readonly streamUsage: boolean;
  /** Fields that hold the answer to a form; absent: the server keeps to none. */
  readonly form?: ((format: ResponseFormat) => object) | undefined;
  readonly grammar?: ((grammar: string) => object) | undefined;
  readonly extra?: object | undefined;
}

/** OpenAI's protocol of text completions, for base models: a template writes the conversation. */
export const textCompletion = ({
  model,
  path = "/completions",
  template,
  streamUsage,
  form,
  grammar,
  extra = {},
}: TextCompletionOptions): ChatWire => ({
  known: { tools: false, ...(form === undefined ? { jsonSchema: false, jsonMode: false } : {}) },
  framing: "sse",
  request: async ({ messages, options, streamed }) => ({
    path,
    body: {
      model,
      prompt: (template ?? plainTemplate)(messages),
      ...extra,
      ...sampling({ ...options, stop: stopsOf(options.stop, template) }, "max_tokens"),
      ...(options.response_format === undefined || form === undefined ? {} : form(options.response_format)),
      ...(options.grammar === undefined || grammar === undefined ? {} : grammar(options.grammar)),
      ...(options.logprobs === true ? { logprobs: 1 } : {}),
      stream: streamed,
      ...(streamed && streamUsage ? { stream_options: { include_usage: true } } : {}),
    },
  }),
  read: readTextCompletion,
});

/** Where a completion stops: as told, and where the plain template begins anew. */
export const stopsOf = (stop: readonly string[] | undefined, template: ChatTemplate | undefined): string[] => [
  ...(stop ?? []),
  ...(template === undefined ? plainStop : []),
];
