import { asNumber, asRecord, asText } from "../kinds/read-json.js";
import { answerTokens, type Dialect, type ModelCall, pieces, promptTokens, type Said } from "./dialect.js";

/** TGI's own protocol as a server speaks it. */
export const tgiDialect = ({ pages }: { readonly pages: Readonly<Record<string, object>> }): Dialect => {
  const data = (value: unknown): string => `data:${JSON.stringify(value)}\n\n`;
  const detailsOf = (said: Said, call: ModelCall): object =>
    said.counted === false
      ? {}
      : {
          details: {
            finish_reason: said.finish === "length" ? "length" : "eos_token",
            generated_tokens: answerTokens(said),
            input_length: promptTokens(call),
            prefill: [],
          },
        };
  return {
    contentType: "text/event-stream",
    understand: (path, body) => {
      if (path !== "/generate" && path !== "/generate_stream") return undefined;
      const { inputs, parameters } = asRecord(body) ?? {};
      const grammar = asRecord(asRecord(parameters)?.grammar);
      const schema = grammar?.type === "json" ? asRecord(grammar.value) : undefined;
      const isAny = schema !== undefined && Object.keys(schema).length === 1;
      return {
        model: asText(asRecord(parameters)?.adapter_id),
        messages: [{ role: "user", content: asText(inputs) ?? "" }],
        tools: [],
        forced: undefined,
        form: schema === undefined ? undefined : isAny ? "json" : { schema },
        logprobs: false,
        streamed: path === "/generate_stream",
        completion: true,
        wantsUsage: false,
        maxTokens: asNumber(asRecord(parameters)?.max_new_tokens),
      };
    },
    whole: (said, call) => ({ generated_text: said.text ?? "", ...detailsOf(said, call) }),
    frames: (said, call) => {
      const tokens = pieces(said.text ?? "");
      return [
        ...tokens.map((text, index) =>
          data({
            index,
            token: { id: index, text, logprob: -0.1, special: false },
            generated_text: null,
            details: null,
          }),
        ),
        data({
          index: tokens.length,
          token: { id: 2, text: "</s>", logprob: 0, special: true },
          generated_text: said.text ?? "",
          ...detailsOf(said, call),
        }),
      ];
    },
    empty: () => ({ whole: {}, frames: [data({ index: 0 })] }),
    refusal: (_, message) => ({ error: message, error_type: "error" }),
    page: (path) => (Object.hasOwn(pages, path) ? pages[path] : undefined),
  };
};
