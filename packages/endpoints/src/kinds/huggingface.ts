import type { HuggingFaceOptions } from "../endpoint-options.js";
import { checkedBaseURL } from "./base-url.js";
import { describeByModels } from "./describe.js";
import { flag, type KindOf, text } from "./kind-plan.js";
import { openAIChat } from "./openai-chat.js";

/** Hugging Face's router and inference endpoints. */
export const huggingface: KindOf<HuggingFaceOptions> = {
  keys: ["model", "baseURL", "streamUsage"],
  keyVariable: "HF_TOKEN",
  needsKey: true,
  plan: ({ model, baseURL = "https://router.huggingface.co/v1", streamUsage = true }) => ({
    model: text("model", model),
    baseURL: checkedBaseURL(baseURL),
    wire: openAIChat({ kind: "huggingface", model, streamUsage: flag("streamUsage", streamUsage) }),
    describe: describeByModels("/models"),
  }),
};
