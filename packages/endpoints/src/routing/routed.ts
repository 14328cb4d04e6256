import {
  type Call,
  checkKeys,
  invalidOption,
  type ModelSource,
  positiveInteger,
  type Runtime,
  systemRuntime,
} from "@clew/core";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { CircuitBreakerOptions } from "./circuit-breaker.js";
import { breakers, chosen, guarded } from "./lanes.js";

/** Options of {@link routed}. */
export interface RoutedOptions {
  /** Serves what has no adapter, and stands behind every adapter. */
  base: ModelSource;
  /** Adapters by role (`writer`) or by tenant (`acme`): models, or names for `make`. */
  adapters: Readonly<Record<string, string | ModelSource>>;
  /** `role`: the adapter of the call's role (that of `writer` for `repair`); `scope`: that of its tenant. */
  by: "role" | "scope";
  /** Makes the model of an adapter that is given by name; once each. */
  make?: ((name: string) => BaseChatModel) | undefined;
  /** When an adapter that fails is left alone. @default 3 failures within 60 s; tried again after 30 s */
  breaker?: CircuitBreakerOptions | undefined;
  /** Longest silence of an adapter, in milliseconds: until its first token, and between two. @default 30,000 */
  timeoutMs?: number | undefined;
  /** The same of the base where it stands in. @default 120,000 */
  baseTimeoutMs?: number | undefined;
  /** Clock of the breakers. @default `systemRuntime` */
  runtime?: Pick<Runtime, "now"> | undefined;
}

/** A source that chooses by the call. */
export type RoutedSource = Extract<ModelSource, (call: Call) => unknown>;

/**
 * Serves LoRA adapters by role or by tenant. An adapter that is missing (404, unknown model), slow or failing (5xx, no
 * answer) before its first token gives way to the base, with a `fell-back` note that tells how many requests were sent;
 * one that fails later ends the call with an error, so that no text comes twice. Behind a circuit breaker an adapter
 * that keeps failing is not asked at all for a while.
 *
 * Goes into `models` of the agent; as the `base` of another it makes a second way (tenants over roles).
 *
 * @throws ClewError `invalid-option`
 */
export function routed(options: RoutedOptions): RoutedSource {
  checkKeys("routed", options, ["base", "adapters", "by", "make", "breaker", "timeoutMs", "baseTimeoutMs", "runtime"]);
  const {
    base,
    adapters,
    by,
    make,
    breaker = {},
    timeoutMs = 30_000,
    baseTimeoutMs = 120_000,
    runtime = systemRuntime,
  } = options;
  if (!isSource(base)) throw invalidOption("base", "a chat model or a function");
  if (by !== "role" && by !== "scope") throw invalidOption("by", '"role" or "scope"', by);
  positiveInteger("timeoutMs", timeoutMs);
  positiveInteger("baseTimeoutMs", baseTimeoutMs);
  if (typeof adapters !== "object" || adapters === null) throw invalidOption("adapters", "an object of adapters");
  const sources = new Map<string, { readonly name: string; readonly source: ModelSource }>();
  const made = new Map<string, BaseChatModel>();
  for (const [key, adapter] of Object.entries(adapters)) {
    if (typeof adapter !== "string") {
      if (!isSource(adapter)) throw invalidOption(`adapters.${key}`, "a name, a chat model or a function");
      sources.set(key, { name: key, source: adapter });
      continue;
    }
    if (make === undefined) throw invalidOption("make", `given for adapters by name, such as "${adapter}"`);
    const model = made.get(adapter) ?? make(adapter);
    made.set(adapter, model);
    sources.set(key, { name: adapter, source: model });
  }
  const breakerOf = breakers(breaker, runtime);
  for (const { name } of sources.values()) breakerOf(name);

  return async (call) => {
    const found =
      by === "scope"
        ? sources.get(call.scope.tenant)
        : (sources.get(call.role ?? "") ?? (call.role === "repair" ? sources.get("writer") : undefined));
    const below = await chosen(base, call);
    if (found === undefined) return below;
    const first = await chosen(found.source, call);
    return guarded(first, below, { call, breaker: breakerOf(found.name), timeoutMs, baseTimeoutMs });
  };
}

const isSource = (value: unknown): value is ModelSource =>
  typeof value === "function" || (typeof value === "object" && value !== null && "invoke" in value);
