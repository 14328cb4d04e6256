import {
  type Capabilities,
  ClewError,
  checkKeys,
  type Embedder,
  invalidOption,
  isNonNegative,
  nonNegative,
  positiveInteger,
  type Reranker,
  systemRuntime,
} from "@clew/core";
import { endpointKinds } from "./endpoint-info.js";
import type { EndpointChange, EndpointModel } from "./endpoint-model.js";
import type { CommonOptions, EndpointOptions } from "./endpoint-options.js";
import { azure } from "./kinds/azure.js";
import { huggingface } from "./kinds/huggingface.js";
import type { KindOf } from "./kinds/kind-plan.js";
import { llamacpp } from "./kinds/llamacpp.js";
import { ollama } from "./kinds/ollama.js";
import { openai } from "./kinds/openai.js";
import { openAICompatible } from "./kinds/openai-compatible.js";
import { tgi } from "./kinds/tgi.js";
import { vllm } from "./kinds/vllm.js";
import { sagemakerEndpoint } from "./sagemaker-endpoint.js";
import { ServedChat } from "./served-chat.js";
import { embeddingEndpoint } from "./tasks/embedding-endpoint.js";
import { rerankEndpoint } from "./tasks/rerank-endpoint.js";
import type { EmbeddingEndpointOptions, RerankEndpointOptions } from "./tasks/task-options.js";
import { type Gate, gate } from "./wire/gate.js";
import { transport } from "./wire/transport.js";

const kinds: { readonly [K in HttpOptions["kind"]]: KindOf<Extract<HttpOptions, { kind: K }>> } = {
  openai,
  azure,
  vllm,
  tgi,
  huggingface,
  ollama,
  llamacpp,
  "openai-compatible": openAICompatible,
};

const commonKeys = [
  "kind",
  "apiKey",
  "headers",
  "timeoutMs",
  "maxRetries",
  "maxConcurrency",
  "coldStartMs",
  "maxTokens",
  "temperature",
  "stop",
  "seed",
  "capabilities",
  "onNote",
  "environment",
  "fetch",
  "runtime",
] as const;

const abilities = ["tools", "jsonSchema", "jsonMode", "logprobs", "contextTokens", "streamUsage"];

/**
 * A served model, fine-tuned or not, as a LangChain chat model. It sends nothing until it is called. Answers say in
 * `response_metadata.served` what really served; `probe` finds out what the model can do.
 *
 * @throws ClewError `invalid-option`, `missing-key`; of a call: `service-refused` (the key), `not-found` (model or
 *   path), `timed-out`, `model-failed` (after all repetitions, or an answer that cannot be read), `missing-package`
 */
export function endpoint(options: EndpointOptions & { task?: "chat" | undefined }): EndpointModel;
/** A served embedder: see {@link embeddingEndpoint}. */
export function endpoint(options: EmbeddingEndpointOptions & { task: "embed" }): Promise<Embedder>;
/** A served reranker: see {@link rerankEndpoint}. */
export function endpoint(options: RerankEndpointOptions & { task: "rerank" }): Reranker;
export function endpoint(options: EndpointTask): EndpointModel | Promise<Embedder> | Reranker {
  if (options?.task === "embed") return embeddingEndpoint(withoutTask(options));
  if (options?.task === "rerank") return rerankEndpoint(withoutTask(options));
  if (options?.task !== undefined && options.task !== "chat") {
    throw invalidOption("task", 'one of "chat", "embed", "rerank"', (options as { task: unknown }).task);
  }
  const chat: EndpointOptions = options?.task === undefined ? options : withoutTask(options);
  return chat?.kind === "sagemaker" ? sagemakerEndpoint(chat) : build(chat);
}

type EndpointTask =
  | (EndpointOptions & { task?: "chat" | undefined })
  | (EmbeddingEndpointOptions & { task: "embed" })
  | (RerankEndpointOptions & { task: "rerank" });

function withoutTask<T extends { task?: unknown }>({ task: _, ...options }: T): Omit<T, "task"> & T {
  return options as Omit<T, "task"> & T;
}

type HttpOptions = Exclude<EndpointOptions, { kind: "sagemaker" }>;

/** An endpoint; one that is a variation of another shares its places. */
function build(options: HttpOptions, shares?: Gate): EndpointModel {
  const kind = kindOf(options);
  // the record pairs each kind with its own options, which a union cannot say
  const { keys, keyVariable, needsKey = false, keyHeader, plan } = kinds[kind] as KindOf<CommonOptions>;
  checkKeys(`endpoint({ kind: "${kind}" })`, options, [...commonKeys, ...keys]);
  const {
    apiKey,
    headers = {},
    timeoutMs = 120_000,
    maxRetries = 2,
    maxConcurrency = 8,
    coldStartMs = 0,
    maxTokens,
    temperature,
    stop,
    seed,
    capabilities = {},
    onNote,
    environment = process.env,
    fetch = (...request) => globalThis.fetch(...request),
    runtime = systemRuntime,
  } = options;
  if (apiKey !== undefined && (typeof apiKey !== "string" || apiKey === "")) {
    throw invalidOption("apiKey", "a text that is not empty");
  }
  const own = checkedHeaders(headers);
  const key = apiKey ?? (keyVariable === undefined ? undefined : environment[keyVariable]);
  const signed = Object.keys(own).some((name) => ["authorization", "api-key", "x-api-key"].includes(name));
  if (needsKey && (key === undefined || key === "") && !signed) {
    throw new ClewError(
      "missing-key",
      `endpoint({ kind: "${kind}" }) needs { apiKey } or the variable ${keyVariable}.`,
    );
  }
  if (!isNonNegative(maxRetries) || !Number.isInteger(maxRetries)) {
    throw invalidOption("maxRetries", "a whole number of 0 or more", maxRetries);
  }
  if (temperature !== undefined) nonNegative("temperature", temperature);
  if (maxTokens !== undefined) positiveInteger("maxTokens", maxTokens);
  if (seed !== undefined && !Number.isSafeInteger(seed)) throw invalidOption("seed", "a whole number", seed);
  if (stop !== undefined && !(Array.isArray(stop) && stop.every((one) => typeof one === "string" && one !== ""))) {
    throw invalidOption("stop", "a list of texts, none of them empty", stop);
  }
  const { model, baseURL, root = baseURL, query = "", api = "chat", wire, describe } = plan(options);
  const shared = {
    name: `${kind}:${model}`,
    headers: {
      ...(key === undefined || key === "" ? {} : keyed(key, keyHeader)),
      ...own,
    },
    query,
    timeoutMs: positiveInteger("timeoutMs", timeoutMs),
    coldStartMs: nonNegative("coldStartMs", coldStartMs),
    gate: shares ?? gate(positiveInteger("maxConcurrency", maxConcurrency)),
    runtime,
    fetch,
    onNote,
  };
  return new ServedChat({
    info: Object.freeze({ kind, model, baseURL, api }),
    wire,
    transport: transport({ ...shared, baseURL }),
    pages: transport({ ...shared, baseURL: root }),
    describe,
    capabilities: checkedCapabilities(capabilities),
    defaults: { maxTokens, temperature, stop, seed },
    maxRetries,
    vary: (change) => {
      const varied = variation(options, change, keys);
      return varied === undefined ? undefined : build(varied, shared.gate);
    },
    runtime,
  });
}

/** The options with a change; undefined where the kind has no such choice. */
function variation(
  options: HttpOptions,
  { api, streamUsage, capabilities }: EndpointChange,
  keys: readonly string[],
): HttpOptions | undefined {
  if ((api !== undefined && !keys.includes("api")) || (streamUsage !== undefined && !keys.includes("streamUsage"))) {
    return undefined;
  }
  const names =
    options.kind === "tgi"
      ? { chat: "messages", completions: "generate" }
      : { chat: "chat", completions: "completions" };
  return {
    ...options,
    ...(api === undefined ? {} : { api: names[api] }),
    ...(streamUsage === undefined ? {} : { streamUsage }),
    ...(capabilities === undefined ? {} : { capabilities }),
  } as HttpOptions;
}

function kindOf(options: HttpOptions): HttpOptions["kind"] {
  const kind: unknown = typeof options === "object" && options !== null ? options.kind : undefined;
  if (typeof kind !== "string" || !Object.hasOwn(kinds, kind)) {
    throw invalidOption("kind", `one of ${endpointKinds.join(", ")}`, kind);
  }
  return kind as HttpOptions["kind"];
}

const keyed = (key: string, header: string | undefined): Record<string, string> =>
  header === undefined ? { authorization: `Bearer ${key}` } : { [header]: key };

/** Names in small letters; values are secrets and are not shown. */
function checkedHeaders(headers: unknown): Record<string, string> {
  if (typeof headers !== "object" || headers === null) throw invalidOption("headers", "an object of texts");
  const entries = Object.entries(headers);
  for (const [name, value] of entries) {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) throw invalidOption("headers", "named as HTTP allows", name);
    if (typeof value !== "string" || /[\r\n\0]/.test(value))
      throw invalidOption(`headers.${name}`, "a text of one line");
  }
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), value as string]));
}

function checkedCapabilities(capabilities: Capabilities): Capabilities {
  checkKeys("capabilities", capabilities, abilities);
  for (const [name, value] of Object.entries(capabilities)) {
    if (value === undefined) continue;
    if (name === "contextTokens") positiveInteger("capabilities.contextTokens", value);
    else if (typeof value !== "boolean") throw invalidOption(`capabilities.${name}`, "true, false or left out", value);
  }
  return capabilities;
}
