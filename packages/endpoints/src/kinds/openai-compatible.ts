import type { OpenAICompatibleOptions } from "../endpoint-options.js";
import { checkedBaseURL } from "./base-url.js";
import { describeByModels } from "./describe.js";
import { checkedApi, flag, type KindOf, text } from "./kind-plan.js";
import { openAIChat } from "./openai-chat.js";
import { textCompletion } from "./text-completion.js";

/** Any server that speaks OpenAI's protocol. */
export const openAICompatible: KindOf<OpenAICompatibleOptions> = {
  keys: ["model", "baseURL", "api", "template", "streamUsage"],
  keyVariable: "ENDPOINT_API_KEY",
  plan: ({ model, baseURL, api: asked, template, streamUsage = true }) => {
    const api = checkedApi({ api: asked, template });
    const shared = { model: text("model", model), streamUsage: flag("streamUsage", streamUsage) };
    return {
      model,
      baseURL: checkedBaseURL(baseURL),
      api,
      wire:
        api === "chat" ? openAIChat({ ...shared, kind: "openai-compatible" }) : textCompletion({ ...shared, template }),
      describe: describeByModels("/models"),
    };
  },
};
