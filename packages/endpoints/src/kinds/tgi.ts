import { invalidOption } from "@clew/core";
import type { TgiOptions } from "../endpoint-options.js";
import { addressOf, checkedBaseURL } from "./base-url.js";
import { describeTgi } from "./describe.js";
import { flag, type KindOf, oneOf, text } from "./kind-plan.js";
import { openAIChat } from "./openai-chat.js";
import { tgiGenerate, tgiGrammar } from "./tgi-generate.js";

/** Text Generation Inference, by its chat protocol or its own. */
export const tgi: KindOf<TgiOptions> = {
  keys: ["model", "baseURL", "api", "template", "adapter", "streamUsage"],
  keyVariable: "TGI_API_KEY",
  plan: ({ model = "tgi", baseURL, api = "messages", template, adapter, streamUsage = true }) => {
    const way = oneOf("api", api, ["messages", "generate"] as const);
    const { root } = addressOf(checkedBaseURL(baseURL));
    if (way === "messages" && adapter !== undefined) {
      throw invalidOption("adapter", 'left out, and model its name, with api: "messages"', adapter);
    }
    if (template !== undefined && (way === "messages" || typeof template !== "function")) {
      throw invalidOption("template", 'a function, with api: "generate": in chats the server writes the prompt');
    }
    const usage = flag("streamUsage", streamUsage);
    if (way === "generate") {
      return {
        model: adapter === undefined ? text("model", model) : text("adapter", adapter),
        baseURL: root,
        api: "completions",
        wire: tgiGenerate({ template, adapter }),
        describe: describeTgi,
      };
    }
    return {
      model: text("model", model),
      baseURL: root,
      wire: openAIChat({
        kind: "tgi",
        model,
        path: "/v1/chat/completions",
        streamUsage: usage,
        form: (format) => {
          const grammar = tgiGrammar(format);
          return grammar === undefined ? {} : { response_format: grammar };
        },
        grammar: (regex) => ({ response_format: { type: "regex", value: regex } }),
      }),
      describe: describeTgi,
    };
  },
};
