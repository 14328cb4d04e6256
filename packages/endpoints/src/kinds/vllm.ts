import type { ResponseFormat } from "../endpoint-call-options.js";
import type { VllmOptions } from "../endpoint-options.js";
import { addressOf, checkedBaseURL } from "./base-url.js";
import { describeVllm } from "./describe.js";
import { checkedApi, flag, type KindOf, oneOf, text } from "./kind-plan.js";
import { openAIChat } from "./openai-chat.js";
import { textCompletion } from "./text-completion.js";

type Guidance = NonNullable<VllmOptions["guidance"]>;
const ways: readonly Guidance[] = ["response_format", "structured_outputs", "guided_json"];

/** vLLM: LoRA adapters are models by their names, and decoding can be held to a schema or grammar. */
export const vllm: KindOf<VllmOptions> = {
  keys: ["model", "baseURL", "api", "template", "streamUsage", "guidance"],
  keyVariable: "VLLM_API_KEY",
  plan: ({ model, baseURL, api: asked, template, streamUsage = true, guidance = "response_format" }) => {
    const api = checkedApi({ api: asked, template });
    const { root, prefix } = addressOf(checkedBaseURL(baseURL));
    const way = oneOf("guidance", guidance, ways);
    const shared = {
      model: text("model", model),
      streamUsage: flag("streamUsage", streamUsage),
      form: (format: ResponseFormat) => formBy(way, format),
      grammar: (grammar: string) =>
        way === "guided_json" ? { guided_grammar: grammar } : { structured_outputs: { grammar } },
    };
    return {
      model,
      baseURL: `${root}${prefix}`,
      root,
      api,
      wire: api === "chat" ? openAIChat({ ...shared, kind: "vllm" }) : textCompletion({ ...shared, template }),
      describe: describeVllm(prefix),
    };
  },
};

/** A form as this server takes it. */
function formBy(way: Guidance, format: ResponseFormat): object {
  if (way === "response_format" || format.type === "text") return { response_format: format };
  const schema = format.type === "json_schema" ? format.json_schema.schema : { type: "object" };
  return way === "guided_json" ? { guided_json: schema } : { structured_outputs: { json: schema } };
}
