export { endpoint } from "./endpoint.js";
export type { EndpointCallOptions, ResponseFormat } from "./endpoint-call-options.js";
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
