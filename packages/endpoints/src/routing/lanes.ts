import {
  type Call,
  type Capabilities,
  type ModelSource,
  modelId,
  type Note,
  type Runtime,
  type ServedModel,
} from "@clew/core";
import { type CircuitBreaker, type CircuitBreakerOptions, circuitBreaker } from "./circuit-breaker.js";
import { type FallbackChatOptions, fallbackChat } from "./fallback-chat.js";

/** Chooses the model of a source for one call. */
export async function chosen(source: ModelSource, call: Call): Promise<ServedModel> {
  if (typeof source === "function") return source(call);
  const { capabilities } = source as { capabilities?: unknown };
  const known = typeof capabilities === "object" && capabilities !== null ? { capabilities } : {};
  return { model: source, served: modelId(source), notes: [], ...known };
}

/** What holds whichever of two models answers: no where one cannot, unknown where one is unknown. */
export function commonCapabilities(a: Capabilities | undefined, b: Capabilities | undefined): Capabilities {
  const flags = ["tools", "jsonSchema", "jsonMode", "logprobs", "streamUsage"] as const;
  const shared = flags.flatMap((flag): [string, boolean][] => {
    const [one, other] = [a?.[flag], b?.[flag]];
    if (one === false || other === false) return [[flag, false]];
    return one === true && other === true ? [[flag, true]] : [];
  });
  const [one, other] = [a?.contextTokens, b?.contextTokens];
  const contextTokens = one !== undefined && other !== undefined ? Math.min(one, other) : (one ?? other);
  return { ...Object.fromEntries(shared), ...(contextTokens === undefined ? {} : { contextTokens }) };
}

/** Circuit breakers by name, each made when it is first asked for. */
export function breakers(
  options: CircuitBreakerOptions,
  runtime: Pick<Runtime, "now">,
): (name: string) => CircuitBreaker {
  const made = new Map<string, CircuitBreaker>();
  return (name) => {
    const breaker = made.get(name) ?? circuitBreaker({ ...options, now: () => runtime.now() });
    made.set(name, breaker);
    return breaker;
  };
}

/** How a model is watched. */
export type Guard = Pick<FallbackChatOptions, "breaker" | "timeoutMs" | "baseTimeoutMs">;

/** One model with another behind it, as a choice for a call. */
export function guarded(
  first: ServedModel,
  base: ServedModel,
  { notes = [], ...guard }: Guard & { readonly notes?: readonly Note[] },
): ServedModel {
  return {
    model: fallbackChat({
      first: { name: first.served, model: first.model },
      base: { name: base.served, model: base.model },
      ...guard,
    }),
    served: first.served,
    capabilities: commonCapabilities(first.capabilities, base.capabilities),
    notes: [...notes, ...first.notes, ...base.notes],
  };
}
