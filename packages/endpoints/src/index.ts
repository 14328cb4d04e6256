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
export { type ChatTemplate, plainTemplate } from "./kinds/chat-template.js";
export { type ModelSourceOptions, modelSource } from "./model-source.js";
export { formatProbe } from "./probe/format-probe.js";
export { type ProbeCache, type ProbeOptions, probe, probeKey } from "./probe/probe.js";
export { type Finding, type ProbedAbility, type ProbeReport, probedAbilities } from "./probe/probe-report.js";
