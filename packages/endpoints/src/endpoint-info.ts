import type { Capabilities, Note } from "@clew/core";

/** Kinds of servers that an endpoint can be. */
export const endpointKinds = [
  "openai",
  "azure",
  "vllm",
  "tgi",
  "huggingface",
  "ollama",
  "llamacpp",
  "openai-compatible",
  "sagemaker",
] as const;

/** A kind of server. */
export type EndpointKind = (typeof endpointKinds)[number];

/** What an endpoint is. */
export interface EndpointInfo {
  readonly kind: EndpointKind;
  /** The model, deployment or adapter that is asked for. */
  readonly model: string;
  /** Where it is reached; it holds no credentials. */
  readonly baseURL: string;
  /** Whether it is spoken to in messages, or completes a text. */
  readonly api: "chat" | "completions";
}

/** What a server tells of itself, without a model being asked. */
export interface ServerDescription {
  /** Name and version of the server. */
  readonly server?: string | undefined;
  /** Names under which models are served. */
  readonly models: readonly string[];
  /** Those that are adapters, with the model that each stands on where that is told. */
  readonly adapters: readonly { readonly name: string; readonly base?: string | undefined }[];
  /** Longest prompt and answer together, in tokens. */
  readonly contextTokens?: number | undefined;
  /** Version of the weights: a commit or a digest. */
  readonly revision?: string | undefined;
  /** What it says that the model can do. It is not taken at its word. */
  readonly says?: Capabilities | undefined;
  /** Paths that were asked, and what came of it. */
  readonly asked: readonly { readonly path: string; readonly outcome: string }[];
}

/** What really served one answer; found in `response_metadata.served`. */
export interface Served {
  readonly kind: EndpointKind;
  /** The name by which the server says it served, else the one asked for. */
  readonly model: string;
  /** The server itself named the model. */
  readonly told: boolean;
  /** It is an adapter on this model; known once the server was described. */
  readonly adapterOf?: string | undefined;
  readonly revision?: string | undefined;
  readonly fingerprint?: string | undefined;
}

/** What an endpoint leaves in the `response_metadata` of an answer, or of the first piece of a streamed one. */
export interface EndpointMetadata {
  readonly model_name: string;
  readonly system_fingerprint?: string | undefined;
  readonly served: Served;
  /** Requests that were sent for it; more than 1 where some were repeated. */
  readonly requests: number;
  /** Repetitions and waits. */
  readonly notes: readonly Note[];
}
