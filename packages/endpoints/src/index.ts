export { type EscalatingOptions, escalating, type Rung, type RungOptions } from "./escalation/escalating.js";
export { type FitEscalationOptions, type FittedEscalation, fitEscalation } from "./escalation/fit-escalation.js";
export { supportOf } from "./escalation/support-of.js";
export { type CanaryOptions, canary } from "./routing/canary.js";
export {
  type CircuitBreaker,
  type CircuitBreakerOptions,
  type CircuitPass,
  type CircuitState,
  circuitBreaker,
} from "./routing/circuit-breaker.js";
export { type RoutedOptions, type RoutedSource, routed } from "./routing/routed.js";
export type { PromptMessage } from "./sagemaker/body-style.js";
export { type SagemakerCallOptions, type SagemakerChat, sagemakerChat } from "./sagemaker/sagemaker-chat.js";
export type { AwsIdentity, SagemakerCredentials, SagemakerSender } from "./sagemaker/sagemaker-client.js";
export type { SagemakerChatOptions } from "./sagemaker/sagemaker-options.js";
export { embeddingEndpoint } from "./tasks/embedding-endpoint.js";
export { rerankEndpoint } from "./tasks/rerank-endpoint.js";
export type { EmbeddingEndpointOptions, RerankEndpointOptions, TaskServer } from "./tasks/task-options.js";
