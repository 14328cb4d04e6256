import { asList, asNumber, asRecord, asText } from "../kinds/read-json.js";
import { answerTokens, type Dialect, type ModelCall, pieces, promptTokens, type Said } from "./dialect.js";

/** What differs among the servers that speak OpenAI's protocol. */
export interface OpenAIDialectOptions {
  /** Path of chats. @default "/v1/chat/completions" */
  readonly chat?: RegExp | undefined;
  /** Path of completions. @default "/v1/completions" */
  readonly completions?: RegExp | undefined;
  /** Other pages, by path. @default none */
  readonly pages?: Readonly<Record<string, object>> | undefined;
  /** Takes `guided_json` and `structured_outputs`. @default false */
  readonly guided?: boolean | undefined;
  /** Gives tool calls as TGI does: their arguments as an object, one call a stream. @default false */
  readonly tgi?: boolean | undefined;
  /** @default "fp_test" */
  readonly fingerprint?: string | undefined;
}

/** OpenAI's protocol as a server speaks it. */
export function openAIDialect({
  chat = /^\/v1\/chat\/completions$/,
  completions = /^\/v1\/completions$/,
  pages = {},
  guided = false,
  tgi = false,
  fingerprint = "fp_test",
}: OpenAIDialectOptions = {}): Dialect {
  const base = (call: ModelCall, said: Said, object: string): object => ({
    id: "chatcmpl-1",
    object: call.completion ? "text_completion" : object,
    created: 1,
    model: said.model ?? call.model ?? "unnamed",
    system_fingerprint: fingerprint,
  });
  const usageOf = (said: Said, call: ModelCall): object => {
    const [prompt_tokens, completion_tokens] = [promptTokens(call), answerTokens(said)];
    return { usage: { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens } };
  };
  const finishOf = ({ finish, toolCall }: Said): string => finish ?? (toolCall === undefined ? "stop" : "tool_calls");
  const data = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
  const logprobsOf = (said: Said): object =>
    said.logprobs === true ? { logprobs: { content: [{ token: "x", logprob: -0.1, top_logprobs: [] }] } } : {};
  return {
    contentType: "text/event-stream; charset=utf-8",
    understand: (path, body) => {
      const isChat = chat.test(path);
      if (!isChat && !completions.test(path)) return undefined;
      const asked = asRecord(body) ?? {};
      return {
        model: asText(asked.model),
        messages: isChat ? messagesOf(asked.messages) : [{ role: "user", content: asText(asked.prompt) ?? "" }],
        tools: toolsOf(asked.tools),
        forced: asText(asRecord(asRecord(asked.tool_choice)?.function)?.name),
        form: formOf(asked, guided),
        logprobs: asked.logprobs === true || typeof asked.logprobs === "number",
        streamed: asked.stream === true,
        completion: !isChat,
        wantsUsage: asRecord(asked.stream_options)?.include_usage === true,
        maxTokens: asNumber(asked.max_completion_tokens) ?? asNumber(asked.max_tokens),
      };
    },
    whole: (said, call) => ({
      ...base(call, said, "chat.completion"),
      choices: [
        {
          index: 0,
          ...(call.completion ? { text: said.text ?? "" } : { message: messageOf(said, tgi) }),
          finish_reason: finishOf(said),
          ...logprobsOf(said),
        },
      ],
      ...(said.counted === false ? {} : usageOf(said, call)),
    }),
    frames: (said, call) => {
      const shared = base(call, said, "chat.completion.chunk");
      const chunk = (delta: object, finish_reason: string | null = null): string =>
        data({
          ...shared,
          choices: [
            {
              index: 0,
              ...(call.completion ? { text: (delta as { content?: string }).content ?? "" } : { delta }),
              finish_reason,
              ...logprobsOf(said),
            },
          ],
        });
      const { toolCall } = said;
      const calls = toolCall === undefined ? [] : callDeltas(toolCall, tgi);
      return [
        ...(call.completion ? [] : [chunk({ role: "assistant", content: "" })]),
        ...pieces(said.text ?? "").map((content) => chunk({ content })),
        ...calls.map((tool_calls) => chunk({ tool_calls })),
        chunk({}, finishOf(said)),
        ...(said.counted === false ? [] : [data({ ...shared, choices: [], ...usageOf(said, call) })]),
        "data: [DONE]\n\n",
      ];
    },
    empty: (call) => ({
      whole: { ...base(call, {}, "chat.completion"), choices: [] },
      // a stream without a choice never says that it has ended
      frames: [data({ ...base(call, {}, "chat.completion.chunk"), choices: [] })],
    }),
    refusal: (_, message) => ({ error: { message, type: "error", code: null } }),
    page: (path) => (Object.hasOwn(pages, path) ? pages[path] : undefined),
  };
}

const messagesOf = (value: unknown): { role: string; content: string }[] =>
  (asList(value) ?? []).map((message) => {
    const { role, content } = asRecord(message) ?? {};
    const texts = asList(content)?.map((part) => asText(asRecord(part)?.text) ?? "");
    return { role: asText(role) ?? "", content: texts?.join("") ?? asText(content) ?? "" };
  });

/** The tools in a request, as OpenAI and Ollama write them. */
export const toolsOf = (value: unknown): { name: string; parameters: unknown }[] =>
  (asList(value) ?? []).map((tool) => {
    const made = asRecord(asRecord(tool)?.function) ?? {};
    return { name: asText(made.name) ?? "", parameters: made.parameters };
  });

function formOf(asked: Readonly<Record<string, unknown>>, guided: boolean): ModelCall["form"] {
  const format = asRecord(asked.response_format);
  const schemas = [
    asRecord(format?.json_schema)?.schema,
    format?.value,
    format?.schema,
    asked.json_schema,
    ...(guided ? [asked.guided_json, asRecord(asked.structured_outputs)?.json] : []),
  ];
  const schema = schemas.map(asRecord).find((one) => one !== undefined);
  if (schema !== undefined && Object.keys(schema).length > 1) return { schema };
  return format?.type === "json_object" || format?.type === "json" || schema !== undefined ? "json" : undefined;
}

function messageOf({ text, toolCall }: Said, tgi: boolean): object {
  if (toolCall === undefined) return { role: "assistant", content: text ?? "" };
  const { name, args } = toolCall;
  return {
    role: "assistant",
    content: text ?? null,
    tool_calls: [{ id: "0", type: "function", function: { name, arguments: tgi ? args : JSON.stringify(args) } }],
  };
}

function callDeltas({ name, args }: NonNullable<Said["toolCall"]>, tgi: boolean): unknown[] {
  const cut = pieces(JSON.stringify(args));
  return cut.map((piece, at) => {
    const first = at === 0 ? { id: "call_1", type: "function" } : {};
    const call = { index: 0, ...first, function: { ...(at === 0 ? { name } : {}), arguments: piece } };
    return tgi ? call : [call];
  });
}
