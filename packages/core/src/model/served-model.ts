import type { ModelSource, ServedModel } from "../agent/model-source.js";

/** A chat model's own name for itself: `gpt-x`, or its class of endpoint where it has none. */
export function modelId(model: ServedModel["model"]): string {
  const named = model as { model?: unknown; modelName?: unknown };
  for (const name of [named.model, named.modelName]) if (typeof name === "string" && name !== "") return name;
  return model._llmType();
}

/** A chat model as one that is served under its own name; undefined for a source that chooses at each call. */
export const servedAs = (source: ModelSource): ServedModel | undefined =>
  typeof source === "function" ? undefined : { model: source, served: modelId(source), notes: [] };
