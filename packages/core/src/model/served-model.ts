import type { Capabilities } from "../agent/capabilities.js";
import type { ServedModel } from "../agent/model-source.js";

/** A chat model's own name for itself: `gpt-x`, or its class of endpoint where it has none. */
export function modelId(model: ServedModel["model"]): string {
  const named = model as { model?: unknown; modelName?: unknown };
  for (const name of [named.model, named.modelName]) if (typeof name === "string" && name !== "") return name;
  return model._llmType();
}

/** A chat model as it is served under its own name, with what it says of its abilities, as endpoints do. */
export function servedAs(model: ServedModel["model"]): ServedModel {
  const { capabilities } = model as { capabilities?: unknown };
  const told = typeof capabilities === "object" && capabilities !== null && Object.keys(capabilities).length > 0;
  return {
    model,
    served: modelId(model),
    ...(told ? { capabilities: capabilities as Capabilities } : {}),
    notes: [],
  };
}
