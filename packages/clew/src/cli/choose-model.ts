import { ClewError, loadOptional, type ModelSource } from "@clew/core";
import { endpointFromSpec, isEndpointSpec, modelSource, type ProbeCache } from "@clew/endpoints";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";

/** Environment variable that holds the key of a provider, and the package that speaks to it. */
const providers: Readonly<Record<string, { readonly key?: string; readonly package: string }>> = {
  openai: { key: "OPENAI_API_KEY", package: "@langchain/openai" },
  anthropic: { key: "ANTHROPIC_API_KEY", package: "@langchain/anthropic" },
  "google-genai": { key: "GOOGLE_API_KEY", package: "@langchain/google-genai" },
  mistralai: { key: "MISTRAL_API_KEY", package: "@langchain/mistralai" },
  groq: { key: "GROQ_API_KEY", package: "@langchain/groq" },
  cohere: { key: "COHERE_API_KEY", package: "@langchain/cohere" },
  deepseek: { key: "DEEPSEEK_API_KEY", package: "@langchain/deepseek" },
  xai: { key: "XAI_API_KEY", package: "@langchain/xai" },
  ollama: { package: "@langchain/ollama" },
};

/**
 * The chat model that `--model` means: `provider:name`, made by LangChain's `initChatModel`, or `kind:url#model` or `sagemaker:endpoint#adapter`, a
 * served one whose abilities are probed, or known to the cache.
 *
 * @throws ClewError `invalid-option` for a name without a provider, `missing-key`, `missing-package`
 */
export async function chooseModel(
  name: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
  cache?: ProbeCache,
): Promise<ModelSource> {
  if (isEndpointSpec(name)) return modelSource(endpointFromSpec(name, { environment, temperature: 0 }), { cache });
  const [, provider, model] = /^([a-z-]+):(.+)$/s.exec(name) ?? [];
  if (provider === undefined || model === undefined || !Object.hasOwn(providers, provider)) {
    throw new ClewError(
      "invalid-option",
      `Option --model must be PROVIDER:NAME, such as openai:gpt-4.1-mini, KIND:URL#MODEL, such as vllm:http://gpu:8000/v1#my-lora, or sagemaker:ENDPOINT#ADAPTER. Providers: ${Object.keys(providers).join(", ")}.`,
    );
  }
  const { key, package: integration } = providers[provider]!;
  if (key !== undefined && !environment[key]) {
    throw new ClewError(
      "missing-key",
      `--model ${provider}:… needs a key in the environment variable ${key}. Set it, or leave --model out: answers are then quoted from your documents by code alone.`,
    );
  }
  const { initChatModel } = await loadOptional({
    name: "langchain",
    neededBy: "clew --model",
    load: () => import("langchain/chat_models/universal"),
  });
  try {
    return (await initChatModel(model, { modelProvider: provider, temperature: 0, maxRetries: 1 })) as BaseChatModel;
  } catch (cause) {
    throw new ClewError(
      "missing-package",
      `clew --model ${provider}:… needs its integration: pnpm add ${integration}`,
      {
        cause,
      },
    );
  }
}
