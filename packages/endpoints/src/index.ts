export type { PromptMessage } from "./sagemaker/body-style.js";
export { type SagemakerCallOptions, type SagemakerChat, sagemakerChat } from "./sagemaker/sagemaker-chat.js";
export type { AwsIdentity, SagemakerCredentials, SagemakerSender } from "./sagemaker/sagemaker-client.js";
export type { SagemakerChatOptions } from "./sagemaker/sagemaker-options.js";
