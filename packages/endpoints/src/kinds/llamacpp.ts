import { invalidOption, isNonNegative } from "@clew/core";
import type { LlamaCppOptions } from "../endpoint-options.js";
import { addressOf, checkedBaseURL } from "./base-url.js";
import { describeLlamaCpp } from "./describe.js";
import { checkedApi, flag, type KindOf, text } from "./kind-plan.js";
import { openAIChat } from "./openai-chat.js";
import { textCompletion } from "./text-completion.js";

/** llama.cpp's server: decoding can be held to a schema or a GBNF grammar, adapters are set for each request. */
export const llamacpp: KindOf<LlamaCppOptions> = {
  keys: ["model", "baseURL", "api", "template", "streamUsage", "lora", "cachePrompt"],
  keyVariable: "LLAMA_API_KEY",
  plan: ({ model = "default", baseURL, api: asked, template, streamUsage = true, lora, cachePrompt }) => {
    const api = checkedApi({ api: asked, template });
    const { root, prefix } = addressOf(checkedBaseURL(baseURL));
    if (lora !== undefined && !(Array.isArray(lora) && lora.every(isAdapter))) {
      throw invalidOption("lora", "a list of { id, scale }, as GET /lora-adapters numbers them", lora);
    }
    // the server reuses what it read under another adapter: https://github.com/ggml-org/llama.cpp/issues/26207
    const cached = cachePrompt ?? (lora === undefined ? undefined : false);
    const shared = {
      model: text("model", model),
      streamUsage: flag("streamUsage", streamUsage),
      grammar: (grammar: string) => ({ grammar }),
      extra: {
        ...(lora === undefined ? {} : { lora: adaptersOf(lora) }),
        ...(cached === undefined ? {} : { cache_prompt: flag("cachePrompt", cached) }),
      },
    };
    return {
      model,
      baseURL: `${root}${prefix}`,
      root,
      api,
      wire:
        api === "chat"
          ? openAIChat({ ...shared, kind: "llamacpp" })
          : textCompletion({
              ...shared,
              template,
              form: (format) =>
                format.type === "text"
                  ? {}
                  : { json_schema: format.type === "json_schema" ? format.json_schema.schema : { type: "object" } },
            }),
      describe: describeLlamaCpp(prefix),
    };
  },
};

/** An empty list means to the server that none was given; one that names any adapter turns off all that it does not name. */
const adaptersOf = (lora: NonNullable<LlamaCppOptions["lora"]>): object[] =>
  lora.length === 0 ? [{ id: 0, scale: 0 }] : lora.map(({ id, scale }) => ({ id, scale }));

const isAdapter = (value: unknown): boolean => {
  const { id, scale } = (value ?? {}) as { id?: unknown; scale?: unknown };
  return isNonNegative(id) && Number.isInteger(id) && typeof scale === "number" && Number.isFinite(scale);
};
