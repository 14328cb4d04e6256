import type { Capabilities } from "@clew/core";

/** Whether a model has an ability, and how that was found out. */
export interface Finding {
  readonly answer: "yes" | "no" | "unknown";
  /** What was seen, in a few words of the server's or ours. */
  readonly evidence: string;
}

/** Abilities that a probe looks for. */
export const probedAbilities = [
  "chat",
  "streaming",
  "streamUsage",
  "tools",
  "jsonSchema",
  "jsonMode",
  "logprobs",
] as const;

/** An ability that a probe looks for. */
export type ProbedAbility = (typeof probedAbilities)[number];

/** What a probe found out about an endpoint: plain JSON, so that it can be kept. */
export interface ProbeReport {
  readonly version: 1;
  /** When, in milliseconds since 1970. */
  readonly at: number;
  readonly kind: string;
  /** The model that was asked for. */
  readonly model: string;
  /** Holds no credentials; null of a model that is no endpoint. */
  readonly baseURL: string | null;
  /** How it has to be spoken to. */
  readonly api: "chat" | "completions";
  /** The name by which the server says it served; null where it says none. */
  readonly served: string | null;
  /** Version of the weights; null where the server tells none. */
  readonly revision: string | null;
  /** Name and version of the server; null where it tells none. */
  readonly server: string | null;
  readonly abilities: { readonly [A in ProbedAbility]: Finding };
  /** Longest prompt and answer together, in tokens; null where it could not be found out. */
  readonly contextTokens: number | null;
  readonly contextEvidence: string;
  /** Adapters that are served, with the model that each stands on where that is told. */
  readonly adapters: readonly { readonly name: string; readonly base: string | null }[];
  /** Calls that it took, pages of the server included. */
  readonly calls: number;
  /** The same as the agent takes it: unknown is left out. */
  readonly capabilities: Capabilities;
  /** The same for people, as {@link formatProbe} writes it. */
  readonly text: string;
}
