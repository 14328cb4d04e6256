import type { OpenAIOptions } from "../endpoint-options.js";
import { checkedBaseURL } from "./base-url.js";
import { describeByModels } from "./describe.js";
import { checkedApi, flag, type KindOf, text } from "./kind-plan.js";
import { openAIChat } from "./openai-chat.js";
import { textCompletion } from "./text-completion.js";

/** OpenAI itself. */
export const openai: KindOf<OpenAIOptions> = {
  keys: ["model", "baseURL", "api", "template", "streamUsage"],
  keyVariable: "OPENAI_API_KEY",
  needsKey: true,
  plan: ({ model, baseURL = "https://api.openai.com/v1", api: asked, template, streamUsage = true }) => {
    const api = checkedApi({ api: asked, template });
    const shared = { model: text("model", model), streamUsage: flag("streamUsage", streamUsage) };
    return {
      model,
      baseURL: checkedBaseURL(baseURL),
      api,
      wire:
        api === "chat"
          ? openAIChat({ ...shared, kind: "openai", limit: "max_completion_tokens", ownRoles: true })
          : textCompletion({ ...shared, template }),
      describe: describeByModels("/models"),
    };
  },
};
