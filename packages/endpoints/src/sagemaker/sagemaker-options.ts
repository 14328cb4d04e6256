import {
  checkKeys,
  invalidOption,
  type JsonObject,
  nonNegative,
  positiveInteger,
  type Runtime,
  type sleep,
} from "@clew/core";
import type { BodyStyle, PromptMessage } from "./body-style.js";
import type { SagemakerCredentials, SagemakerSender } from "./sagemaker-client.js";

/** Options of {@link sagemakerChat}. */
export interface SagemakerChatOptions {
  /** Name of the endpoint. */
  endpoint: string;
  /** What the container understands. @default "messages" */
  bodyStyle?: "messages" | "tgi" | "djl" | undefined;
  /** @default the SDK's chain: AWS_REGION, the profile */
  region?: string | undefined;
  /** @default the SDK's chain: environment, profile, container, instance */
  credentials?: SagemakerCredentials | undefined;
  /** Address that gets the requests: a VPC endpoint, a test's server. @default the region's */
  baseURL?: string | undefined;
  /** A `SageMakerRuntimeClient` of your own, in place of region, credentials and baseURL; switch its repetitions off. */
  client?: SagemakerSender | undefined;
  /** Inference component to ask: a model, or an adapter of one, on a shared endpoint. */
  inferenceComponent?: string | undefined;
  /** Production variant to ask. @default by the endpoint's weights */
  targetVariant?: string | undefined;
  /** `X-Amzn-SageMaker-Custom-Attributes`, handed to the container as it is; at most 1024 ASCII characters. */
  customAttributes?: string | undefined;
  /** LoRA adapter that shall answer: `model` in Messages bodies, `adapters` for DJL/LMI, `adapter_id` for TGI. */
  adapter?: string | undefined;
  /** The body's `model` field, for Messages. @default none */
  model?: string | undefined;
  /** Most tokens of an answer. @default the container's */
  maxTokens?: number | undefined;
  /** 0 for greedy. @default the container's */
  temperature?: number | undefined;
  /** In (0, 1]. @default the container's */
  topP?: number | undefined;
  /** Texts at which an answer ends. @default none */
  stop?: readonly string[] | undefined;
  /** Further parameters, as the container names them; they win over the others. */
  parameters?: JsonObject | undefined;
  /** Makes one prompt of a conversation, for `tgi` and `djl`. @default `System: …`, `User: …`, `Assistant:` */
  prompt?: ((messages: readonly PromptMessage[]) => string) | undefined;
  /** Asks for usage at the end of a stream, for Messages; false for containers that refuse it. @default true */
  streamUsage?: boolean | undefined;
  /** Milliseconds without a sign of life: until an answer begins, and between its parts. @default 120,000 */
  timeoutMs?: number | undefined;
  /** How long an endpoint that scales to zero may take to wake up, in milliseconds: 502, 503 and a model that is not ready. @default 0 */
  coldStartMs?: number | undefined;
  /** Requests at once; the others wait their turn. @default 8 */
  maxConcurrency?: number | undefined;
  /** Sent, and signed, with each request; the values are held as secrets. @default none */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Attempts after the first while no token has come: throttling, 5xx, a model not ready; 0 for none. @default 2 */
  maxRetries?: number | undefined;
  /** @default `systemRuntime` */
  runtime?: Runtime | undefined;
  /** Waits before repetitions. @default a timer that the signal stops */
  sleep?: typeof sleep | undefined;
}

/** Their names, for the check of misspelt ones. */
export const sagemakerChatKeys = [
  "endpoint",
  "bodyStyle",
  "region",
  "credentials",
  "baseURL",
  "client",
  "inferenceComponent",
  "targetVariant",
  "customAttributes",
  "adapter",
  "model",
  "maxTokens",
  "temperature",
  "topP",
  "stop",
  "parameters",
  "prompt",
  "streamUsage",
  "timeoutMs",
  "maxRetries",
  "coldStartMs",
  "maxConcurrency",
  "headers",
  "runtime",
  "sleep",
] as const satisfies readonly (keyof SagemakerChatOptions)[];

/** Options with what every request needs. */
export type SettledOptions = SagemakerChatOptions & {
  readonly bodyStyle: BodyStyle["name"];
  readonly timeoutMs: number;
  readonly maxRetries: number;
};

/**
 * Checks the options and fills in defaults.
 *
 * @throws ClewError `invalid-option`
 */
export function settledOptions(options: SagemakerChatOptions): SettledOptions {
  checkKeys("sagemakerChat", options, sagemakerChatKeys);
  const { endpoint, bodyStyle = "messages", timeoutMs = 120_000, maxRetries = 2, topP, customAttributes } = options;
  if (typeof endpoint !== "string" || endpoint === "") throw invalidOption("endpoint", "the name of an endpoint");
  if (!styleNames.includes(bodyStyle)) {
    throw invalidOption("bodyStyle", `one of ${styleNames.join(", ")}`, bodyStyle);
  }
  positiveInteger("timeoutMs", timeoutMs);
  nonNegative("maxRetries", maxRetries);
  nonNegative("coldStartMs", options.coldStartMs ?? 0);
  positiveInteger("maxConcurrency", options.maxConcurrency ?? 8);
  if (options.maxTokens !== undefined) positiveInteger("maxTokens", options.maxTokens);
  if (options.temperature !== undefined) nonNegative("temperature", options.temperature);
  if (topP !== undefined && !(topP > 0 && topP <= 1)) throw invalidOption("topP", "a number above 0, at most 1", topP);
  if (customAttributes !== undefined && !/^[\x20-\x7e]{1,1024}$/.test(customAttributes)) {
    throw invalidOption("customAttributes", "1 to 1024 printable ASCII characters");
  }
  for (const name of ["region", "credentials", "baseURL", "headers"] as const) {
    if (options.client !== undefined && options[name] !== undefined) {
      throw invalidOption(name, "left out where a client is given: it has its own");
    }
  }
  if (bodyStyle === "messages" && options.prompt !== undefined) {
    throw invalidOption("prompt", 'left out for the body style "messages": the container has the template');
  }
  for (const name of ["model", "streamUsage"] as const) {
    if (bodyStyle !== "messages" && options[name] !== undefined) {
      throw invalidOption(name, `left out for the body style "${bodyStyle}", which has none`);
    }
  }
  return { ...options, bodyStyle, timeoutMs, maxRetries };
}

const styleNames: readonly string[] = ["messages", "tgi", "djl"];
