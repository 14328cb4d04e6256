import { invalidOption, positiveInteger } from "@clew/core";
import type { OllamaOptions } from "../endpoint-options.js";
import { checkedBaseURL } from "./base-url.js";
import { describeOllama } from "./describe.js";
import { type KindOf, text } from "./kind-plan.js";
import { ollamaChat } from "./ollama-chat.js";

/** Ollama, by its own protocol. */
export const ollama: KindOf<OllamaOptions> = {
  keys: ["model", "baseURL", "keepAlive", "contextTokens"],
  plan: ({ model, baseURL = "http://127.0.0.1:11434", keepAlive, contextTokens }) => {
    if (keepAlive !== undefined && typeof keepAlive !== "string" && !Number.isFinite(keepAlive)) {
      throw invalidOption("keepAlive", "a number of seconds, or a text such as 10m", keepAlive);
    }
    if (contextTokens !== undefined) positiveInteger("contextTokens", contextTokens);
    return {
      model: text("model", model),
      baseURL: checkedBaseURL(baseURL),
      wire: ollamaChat({ model, keepAlive, contextTokens }),
      describe: describeOllama,
    };
  },
};
