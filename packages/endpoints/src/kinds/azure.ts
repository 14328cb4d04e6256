import type { AzureOptions } from "../endpoint-options.js";
import { checkedBaseURL } from "./base-url.js";
import { flag, type KindOf, text } from "./kind-plan.js";
import { openAIChat } from "./openai-chat.js";

/** A deployment on Azure OpenAI; its path names it, and its answers name the model behind it. */
export const azure: KindOf<AzureOptions> = {
  keys: ["deployment", "baseURL", "apiVersion", "streamUsage"],
  keyVariable: "AZURE_OPENAI_API_KEY",
  keyHeader: "api-key",
  plan: ({ deployment, baseURL, apiVersion = "2024-10-21", streamUsage = true }) => ({
    model: text("deployment", deployment),
    baseURL: checkedBaseURL(baseURL),
    query: `?api-version=${encodeURIComponent(text("apiVersion", apiVersion))}`,
    wire: openAIChat({
      kind: "azure",
      model: deployment,
      path: `/openai/deployments/${encodeURIComponent(deployment)}/chat/completions`,
      streamUsage: flag("streamUsage", streamUsage),
    }),
  }),
};
