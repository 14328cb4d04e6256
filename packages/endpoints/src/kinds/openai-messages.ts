import { loadOptional } from "@clew/core";
import type { BaseMessage } from "@langchain/core/messages";

/** LangChain messages as OpenAI's protocol writes them, by LangChain's own converter. */
export async function openAIMessages(
  messages: readonly BaseMessage[],
  neededBy: string,
  model?: string,
): Promise<readonly object[]> {
  const { convertMessagesToCompletionsMessageParams } = await loadOptional({
    name: "@langchain/openai",
    neededBy,
    load: () => import("@langchain/openai"),
  });
  // only OpenAI's own models rename roles, and the converter goes by the model's name
  return convertMessagesToCompletionsMessageParams({
    messages: [...messages],
    ...(model === undefined ? {} : { model }),
  });
}
