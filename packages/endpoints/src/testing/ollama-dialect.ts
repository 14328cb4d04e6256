import { asList, asNumber, asRecord, asText } from "../kinds/read-json.js";
import { answerTokens, type Dialect, type ModelCall, pieces, promptTokens, type Said } from "./dialect.js";
import { toolsOf } from "./openai-dialect.js";

/** Ollama's protocol as a server speaks it. */
export const ollamaDialect = ({ pages }: { readonly pages: Readonly<Record<string, object>> }): Dialect => {
  const line = (value: unknown): string => `${JSON.stringify(value)}\n`;
  const base = (said: Said, call: ModelCall): object => ({
    model: said.model ?? call.model ?? "unnamed",
    created_at: "2026-01-01T00:00:00Z",
  });
  const callsOf = ({ toolCall }: Said): object =>
    toolCall === undefined ? {} : { tool_calls: [{ function: { name: toolCall.name, arguments: toolCall.args } }] };
  const endOf = (said: Said, call: ModelCall): object => ({
    done: true,
    done_reason: said.finish ?? "stop",
    ...(said.counted === false ? {} : { prompt_eval_count: promptTokens(call), eval_count: answerTokens(said) }),
  });
  return {
    contentType: "application/x-ndjson",
    understand: (path, body) => {
      if (path !== "/api/chat") return undefined;
      const asked = asRecord(body) ?? {};
      const schema = asRecord(asked.format);
      return {
        model: asText(asked.model),
        messages: (asList(asked.messages) ?? []).map((message) => {
          const { role, content } = asRecord(message) ?? {};
          return { role: asText(role) ?? "", content: asText(content) ?? "" };
        }),
        tools: toolsOf(asked.tools),
        forced: undefined,
        form: schema === undefined ? (asked.format === "json" ? "json" : undefined) : { schema },
        logprobs: asked.logprobs === true,
        // Ollama streams unless it is told not to
        streamed: asked.stream !== false,
        completion: false,
        wantsUsage: false,
        maxTokens: asNumber(asRecord(asked.options)?.num_predict),
      };
    },
    whole: (said, call) => ({
      ...base(said, call),
      message: { role: "assistant", content: said.text ?? "", ...callsOf(said) },
      ...endOf(said, call),
    }),
    frames: (said, call) => [
      ...pieces(said.text ?? "").map((content) =>
        line({ ...base(said, call), message: { role: "assistant", content }, done: false }),
      ),
      ...(said.toolCall === undefined
        ? []
        : [line({ ...base(said, call), message: { role: "assistant", content: "", ...callsOf(said) }, done: false })]),
      line({ ...base(said, call), message: { role: "assistant", content: "" }, ...endOf(said, call) }),
    ],
    empty: (call) => ({
      whole: base({}, call),
      frames: [line(base({}, call))],
    }),
    refusal: (_, message) => ({ error: message }),
    page: (path, body) => {
      if (path === "/api/show" && asText(asRecord(body)?.model) === undefined) return undefined;
      return Object.hasOwn(pages, path) ? pages[path] : undefined;
    },
  };
};
