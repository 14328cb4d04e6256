import {
  type Call,
  type Capabilities,
  isRefused,
  isRemoteModel,
  type ModelSource,
  modelId,
  type Note,
  outboundRefused,
  type Runtime,
  type SentRequests,
  type ServedModel,
} from "@clew/core";
import { type CircuitBreaker, type CircuitBreakerOptions, circuitBreaker } from "./circuit-breaker.js";
import { type FallbackChatOptions, fallbackChat, passedOver } from "./fallback-chat.js";

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

/** One model with another behind it, as a choice for a call. Where its role may not use one of them, that is left out. */
export function guarded(
  first: ServedModel,
  base: ServedModel,
  { notes = [], call, ...guard }: Guard & { readonly call: Call; readonly notes?: readonly Note[] },
): ServedModel {
  const { outbound, role = "" } = call;
  const asked = new Map<string, number>();
  const laneOf = ({ served: name, model, remote = isRemoteModel(model, outbound?.localHosts) }: ServedModel) => ({
    name,
    model,
    closed: isRefused(outbound, role, remote) ? outboundRefused(role, name) : undefined,
    onAsk: remote ? () => void asked.set(name, (asked.get(name) ?? 0) + 1) : undefined,
  });
  const lanes = { first: laneOf(first), base: laneOf(base) };
  const { closed } = lanes.first;
  if (closed !== undefined) {
    const said = lanes.base.closed === undefined ? [passedOver(first.served, base.served, closed)] : [];
    return { ...base, notes: [...notes, ...said, ...base.notes] };
  }
  const sent = (): SentRequests[] => {
    const own = [...asked].map(([served, requests]) => ({ served, requests }));
    asked.clear();
    return [...own, ...(first.sent?.() ?? []), ...(base.sent?.() ?? [])];
  };
  return {
    model: fallbackChat({ ...lanes, ...guard }),
    remote: false,
    sent,
    served: first.served,
    capabilities: commonCapabilities(first.capabilities, base.capabilities),
    notes: [...notes, ...first.notes, ...base.notes],
  };
}
