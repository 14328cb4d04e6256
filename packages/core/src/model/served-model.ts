import type { ServedModel } from "../agent/model-source.js";

/** A chat model's own name for itself: `gpt-x`, or its class of endpoint where it has none. */
export function modelId(model: ServedModel["model"]): string {
  const named = model as { model?: unknown; modelName?: unknown };
  for (const name of [named.model, named.modelName]) if (typeof name === "string" && name !== "") return name;
  return model._llmType();
}

/** A chat model as it is served under its own name. */
export const servedAs = (model: ServedModel["model"]): ServedModel => ({ model, served: modelId(model), notes: [] });
