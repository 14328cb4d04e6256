import type { Capabilities, Note, Runtime } from "@clew/core";
import type { ChatTemplate } from "./kinds/chat-template.js";
import type { SagemakerOptions } from "./sagemaker-endpoint.js";

/** What every kind takes. */
export interface CommonOptions {
  /** Never shown, logged or serialised. @default the environment's variable of the kind, where it has one */
  apiKey?: string | undefined;
  /** Sent with each request; the values are held as secrets. @default none */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Longest silence in milliseconds: until an answer begins, and between two of its pieces. @default 120000 */
  timeoutMs?: number | undefined;
  /** Most repetitions of a request that was refused for the moment (408, 409, 425, 429, 5xx) or found nobody. @default 2 */
  maxRetries?: number | undefined;
  /** Requests at once; the others wait their turn. @default 8 */
  maxConcurrency?: number | undefined;
  /** How long a host that scales to zero may take to wake up, in milliseconds. @default 0 */
  coldStartMs?: number | undefined;
  /** Most tokens of an answer. @default the server's */
  maxTokens?: number | undefined;
  /** @default the server's */
  temperature?: number | undefined;
  /** Texts at which an answer ends. @default none */
  stop?: readonly string[] | undefined;
  /** Makes sampling repeatable, where the server can. @default none */
  seed?: number | undefined;
  /** What the model can do, where it is known; `probe` finds out. @default unknown */
  capabilities?: Capabilities | undefined;
  /** Hears of repetitions and waits as they happen; answers carry the same notes. */
  onNote?: ((note: Note) => void) | undefined;
  /** Where keys are looked for. @default process.env */
  environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** @default the global fetch */
  fetch?: typeof fetch | undefined;
  runtime?: Runtime | undefined;
}

/** How a server that can do both is spoken to. */
export interface ApiOptions {
  /** `completions` for base models: a template writes the conversation as one prompt. @default "chat" */
  api?: "chat" | "completions" | undefined;
  /** For `completions`. @default a plain one: instructions, then `User:` and `Assistant:` lines */
  template?: ChatTemplate | undefined;
}

/** Whether usage is asked for in streams; some servers refuse to be asked. */
export interface StreamUsageOption {
  /** @default true */
  streamUsage?: boolean | undefined;
}

/** OpenAI itself, fine-tuned models (`ft:…`) among them. Key: `OPENAI_API_KEY`. */
export interface OpenAIOptions extends CommonOptions, ApiOptions, StreamUsageOption {
  kind: "openai";
  model: string;
  /** @default "https://api.openai.com/v1" */
  baseURL?: string | undefined;
}

/** A deployment on Azure OpenAI. Key: `AZURE_OPENAI_API_KEY`, or `headers` with an Entra ID token. */
export interface AzureOptions extends CommonOptions, StreamUsageOption {
  kind: "azure";
  /** The resource, such as `https://NAME.openai.azure.com`. */
  baseURL: string;
  /** Name of the deployment. */
  deployment: string;
  /** @default "2024-10-21" */
  apiVersion?: string | undefined;
}

/** A vLLM server. Key: `VLLM_API_KEY`, if it was started with one. */
export interface VllmOptions extends CommonOptions, ApiOptions, StreamUsageOption {
  kind: "vllm";
  /** The model, or the name of a LoRA adapter that is served. */
  model: string;
  /** Such as `http://gpu:8000/v1`; without a path, `/v1` is meant. */
  baseURL: string;
  /**
   * How a schema is asked for: `response_format` by all servers of today, `structured_outputs` by those from 0.12,
   * `guided_json` by those up to 0.11. @default "response_format"
   */
  guidance?: "response_format" | "structured_outputs" | "guided_json" | undefined;
}

/** A Text Generation Inference server. Key: `TGI_API_KEY`, if it was started with one. */
export interface TgiOptions extends CommonOptions, StreamUsageOption {
  kind: "tgi";
  /** Such as `http://gpu:8080`. */
  baseURL: string;
  /** @default "tgi": the one model that it serves */
  model?: string | undefined;
  /** `messages` for its chat protocol, `generate` for its own, for base models and guided decoding. @default "messages" */
  api?: "messages" | "generate" | undefined;
  /** For `generate`. @default a plain one */
  template?: ChatTemplate | undefined;
  /** LoRA adapter that serves, for `generate`; with `messages` it is the model's name. @default none */
  adapter?: string | undefined;
}

/** Hugging Face: its router, or an inference endpoint of one's own. Key: `HF_TOKEN`. */
export interface HuggingFaceOptions extends CommonOptions, StreamUsageOption {
  kind: "huggingface";
  /** Such as `org/name:provider`; of an own endpoint, what its server calls it. */
  model: string;
  /** @default "https://router.huggingface.co/v1" */
  baseURL?: string | undefined;
}

/** An Ollama server. No key. */
export interface OllamaOptions extends CommonOptions {
  kind: "ollama";
  model: string;
  /** @default "http://127.0.0.1:11434" */
  baseURL?: string | undefined;
  /** How long the model stays loaded: seconds, or such as `10m`. @default the server's */
  keepAlive?: string | number | undefined;
  /** Size of the context that the model is loaded with, in tokens; Ollama's own default is small. @default the server's */
  contextTokens?: number | undefined;
}

/** A llama.cpp server. Key: `LLAMA_API_KEY`, if it was started with one. */
export interface LlamaCppOptions extends CommonOptions, ApiOptions, StreamUsageOption {
  kind: "llamacpp";
  /** Such as `http://127.0.0.1:8080/v1`; without a path, `/v1` is meant. */
  baseURL: string;
  /** @default "default": the one model that it serves */
  model?: string | undefined;
  /** Adapters that serve, by their number at the server, with their strength; those not named are off, with [] all. @default the server's */
  lora?: readonly { readonly id: number; readonly scale: number }[] | undefined;
  /**
   * Whether the server may begin from what it has read before. It also begins from what it has read under another adapter, and
   * then answers as a mixture of both: a base beside adapters sets `lora: []` or this to false.
   *
   * @default false with `lora`, else the server's
   * @see https://github.com/ggml-org/llama.cpp/issues/26207
   */
  cachePrompt?: boolean | undefined;
}

/** Any other server that speaks OpenAI's protocol. Key: `ENDPOINT_API_KEY`. */
export interface OpenAICompatibleOptions extends CommonOptions, ApiOptions, StreamUsageOption {
  kind: "openai-compatible";
  model: string;
  /** Everything before `/chat/completions`. */
  baseURL: string;
}

/** Options of {@link endpoint}, by kind. */
export type EndpointOptions =
  | OpenAIOptions
  | AzureOptions
  | VllmOptions
  | TgiOptions
  | HuggingFaceOptions
  | OllamaOptions
  | LlamaCppOptions
  | OpenAICompatibleOptions
  | SagemakerOptions;
