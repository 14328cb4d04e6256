export { endpoint } from "./endpoint.js";
export type { EndpointCallOptions, ResponseFormat } from "./endpoint-call-options.js";
export { endpointFromSpec, isEndpointSpec } from "./endpoint-from-spec.js";
export {
  type EndpointInfo,
  type EndpointKind,
  type EndpointMetadata,
  endpointKinds,
  type Served,
  type ServerDescription,
} from "./endpoint-info.js";
export { EndpointModel } from "./endpoint-model.js";
export type {
  ApiOptions,
  AzureOptions,
  CommonOptions,
  EndpointOptions,
  HuggingFaceOptions,
  LlamaCppOptions,
  OllamaOptions,
  OpenAICompatibleOptions,
  OpenAIOptions,
  StreamUsageOption,
  TgiOptions,
  VllmOptions,
} from "./endpoint-options.js";
export { type EscalatingOptions, escalating, type Rung, type RungOptions } from "./escalation/escalating.js";
export { type FitEscalationOptions, type FittedEscalation, fitEscalation } from "./escalation/fit-escalation.js";
export { supportOf } from "./escalation/support-of.js";
export { type ChatTemplate, plainTemplate } from "./kinds/chat-template.js";
export { type ModelSourceOptions, modelSource } from "./model-source.js";
export { formatProbe } from "./probe/format-probe.js";
export { type ProbeCache, type ProbeOptions, probe, probeKey } from "./probe/probe.js";
export { type Finding, type ProbedAbility, type ProbeReport, probedAbilities } from "./probe/probe-report.js";
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
export type { SagemakerOptions } from "./sagemaker-endpoint.js";
export { embeddingEndpoint } from "./tasks/embedding-endpoint.js";
export { rerankEndpoint } from "./tasks/rerank-endpoint.js";
export type { EmbeddingEndpointOptions, RerankEndpointOptions, TaskServer } from "./tasks/task-options.js";
