import { type Capabilities, checkKeys, positiveInteger } from "@clew/core";
import type { EndpointModel } from "./endpoint-model.js";
import { checkedBaseURL } from "./kinds/base-url.js";
import { overChat } from "./over-chat.js";
import { sagemakerChat } from "./sagemaker/sagemaker-chat.js";
import { type SagemakerChatOptions, sagemakerChatKeys } from "./sagemaker/sagemaker-options.js";
import { type Gate, gate } from "./wire/gate.js";

/** An endpoint of Amazon SageMaker. Signed by the AWS SDK, with the keys of its chain. */
export interface SagemakerOptions extends SagemakerChatOptions {
  kind: "sagemaker";
  /** What the model can do, where it is known; `probe` finds out. @default unknown */
  capabilities?: Capabilities | undefined;
}

/** The kind `sagemaker` of `endpoint`. */
export const sagemakerEndpoint = (options: SagemakerOptions): EndpointModel => build(options);

/** One that is a variation of another shares its places. */
function build(
  { kind, capabilities = {}, maxConcurrency = 8, ...own }: SagemakerOptions,
  shares?: Gate,
): EndpointModel {
  const places = shares ?? gate(positiveInteger("maxConcurrency", maxConcurrency));
  checkKeys('endpoint({ kind: "sagemaker" })', own, sagemakerChatKeys);
  checkKeys("capabilities", capabilities, [
    "tools",
    "jsonSchema",
    "jsonMode",
    "logprobs",
    "contextTokens",
    "streamUsage",
  ]);
  const {
    maxRetries = 2,
    maxTokens,
    adapter,
    inferenceComponent,
    bodyStyle = "messages",
    client,
    region,
    baseURL,
  } = own;
  if (baseURL !== undefined) checkedBaseURL(baseURL);
  const isText = bodyStyle !== "messages";
  return overChat({
    info: {
      kind,
      model: adapter ?? inferenceComponent ?? own.endpoint,
      baseURL:
        baseURL ??
        (client === undefined ? `sagemaker${region === undefined ? "" : ` in ${region}`}` : "sagemaker by a client"),
      api: isText ? "completions" : "chat",
    },
    make: (settings) => sagemakerChat({ ...own, maxConcurrency, ...settings }),
    capabilities,
    maxTokens,
    maxRetries,
    gate: places,
    vary: ({ api, streamUsage, capabilities: found = capabilities }) =>
      api !== undefined || (streamUsage !== undefined && isText)
        ? undefined
        : build({ kind, ...own, capabilities: found, ...(streamUsage === undefined ? {} : { streamUsage }) }, places),
  });
}
