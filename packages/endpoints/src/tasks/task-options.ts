import { ClewError, checkKeys, type EmbedderFromOptions, invalidOption, type Runtime, type sleep } from "@clew/core";
import type { SagemakerCredentials, SagemakerSender } from "../sagemaker/sagemaker-client.js";

/** Where a served embedder or reranker is. */
export type TaskServer =
  | {
      /**
       * `vllm`, `openai`, `openai-compatible`: OpenAI's paths below `baseURL` (`/embeddings`; `/rerank` as in vLLM);
       * `tei`: text-embeddings-inference (`/embed`, `/rerank`); `huggingface`: an inference endpoint of Hugging Face,
       * which takes embeddings at its root.
       */
      kind: "vllm" | "openai" | "openai-compatible" | "tei" | "huggingface";
      /** Address of the server. @default `https://api.openai.com/v1` for `openai`; required for the others */
      baseURL?: string | undefined;
      /** @default OPENAI_API_KEY for `openai`, HF_TOKEN for `huggingface`, VLLM_API_KEY for `vllm`; else none */
      apiKey?: string | undefined;
      /** Further headers, such as those of a gateway. */
      headers?: Readonly<Record<string, string>> | undefined;
      /** @default the global fetch */
      fetch?: typeof fetch | undefined;
    }
  | {
      kind: "sagemaker";
      /** Name of the endpoint. */
      endpoint: string;
      /** What the container understands: text-embeddings-inference, or OpenAI's bodies. @default "tei" */
      bodyStyle?: "tei" | "openai" | undefined;
      /** @default the SDK's chain */
      region?: string | undefined;
      /** @default the SDK's chain */
      credentials?: SagemakerCredentials | undefined;
      /** @default the region's */
      baseURL?: string | undefined;
      /** A `SageMakerRuntimeClient` of your own, in place of region, credentials and baseURL. */
      client?: SagemakerSender | undefined;
      inferenceComponent?: string | undefined;
    };

/** What every served embedder and reranker takes. */
interface TaskOptions {
  /** Model, or name of the adapter, that the server shall use. @default the one that it serves, for `tei` and SageMaker */
  model?: string | undefined;
  /** Milliseconds for one attempt. @default 30,000 */
  timeoutMs?: number | undefined;
  /** Longest wait for a host that sleeps, in milliseconds: 503 and refused connections are repeated so long. @default 0 */
  coldStartMs?: number | undefined;
  /** @default the system's */
  runtime?: Runtime | undefined;
  /** Waits before repetitions. @default a timer that the signal stops */
  sleep?: typeof sleep | undefined;
}

/** Options of {@link embeddingEndpoint}: the server, and those of core's `embedderFrom`. */
export type EmbeddingEndpointOptions = TaskServer &
  TaskOptions &
  Omit<EmbedderFromOptions, "id"> & {
    /** Revision of the weights, for the fingerprint. @default what `tei` says of itself, else none */
    revision?: string | undefined;
  };

/** Options of {@link rerankEndpoint}. */
export type RerankEndpointOptions = TaskServer &
  TaskOptions & {
    /** Documents in a request at most. @default 32 */
    batchSize?: number | undefined;
    /** UTF-16 code units of a passage that are sent; longer ones are cut, with a note. @default 8000 */
    maxCharacters?: number | undefined;
    /** Attempts after the first; 0 for none. @default 2 */
    maxRetries?: number | undefined;
    /** US dollars a request, for the meter. @default 0 */
    usdPerRequest?: number | undefined;
  };

const httpKeys = ["kind", "baseURL", "apiKey", "headers", "fetch"];
const sagemakerKeys = [
  "kind",
  "endpoint",
  "bodyStyle",
  "region",
  "credentials",
  "baseURL",
  "client",
  "inferenceComponent",
];
const taskKeys = ["model", "timeoutMs", "coldStartMs", "runtime", "sleep"];
const kinds = ["vllm", "openai", "openai-compatible", "tei", "huggingface", "sagemaker"];
const keyVariables: Readonly<Record<string, string>> = {
  openai: "OPENAI_API_KEY",
  huggingface: "HF_TOKEN",
  vllm: "VLLM_API_KEY",
};

/** Refuses options that its kind does not have. */
export function checkTask(owner: string, options: TaskServer, own: readonly string[]): void {
  const { kind } = options;
  if (!kinds.includes(kind)) throw invalidOption("kind", `one of ${kinds.join(", ")}`, kind);
  const server = kind === "sagemaker" ? sagemakerKeys : httpKeys;
  checkKeys(`${owner} of kind "${kind}"`, options, [...server, ...taskKeys, ...own]);
}

/** Address and key of a server that is reached over HTTP. */
export function httpServer(options: Extract<TaskServer, { headers?: unknown }>): {
  readonly baseURL: string;
  readonly headers: Record<string, string>;
  readonly secrets: string[];
} {
  const { kind, headers = {} } = options;
  const baseURL = options.baseURL ?? (kind === "openai" ? "https://api.openai.com/v1" : undefined);
  if (baseURL === undefined) throw invalidOption("baseURL", `given for the kind "${kind}"`);
  const variable = keyVariables[kind];
  const found = variable === undefined ? undefined : globalThis.process?.env[variable];
  const key = options.apiKey ?? (found === "" ? undefined : found);
  if (key === undefined && kind === "openai" && options.baseURL === undefined) {
    throw new ClewError("missing-key", `The kind "openai" needs { apiKey } or the variable ${variable}.`);
  }
  return {
    baseURL: baseURL.replace(/\/+$/, ""),
    headers: { ...headers, ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) },
    secrets: [...(key === undefined ? [] : [key]), ...Object.values(headers).filter((value) => value.length >= 8)],
  };
}
