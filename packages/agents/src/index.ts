export type { AgentEvent, EventHit } from "./agent-event.js";
export type { ApprovalDecision, ApprovalPoint, ApprovalRequest } from "./approval.js";
export { createRetrievalAgent } from "./create-retrieval-agent.js";
export { type ErasableCheckpointsOptions, erasableCheckpoints } from "./erase/erasable-checkpoints.js";
export { type ExtractivePolicyOptions, extractivePolicy } from "./extractive/extractive-policy.js";
export type { RetrievalGraph } from "./graph/build-graph.js";
export type { RunOptions, RunState } from "./graph/run-state.js";
export type { SourceOptions } from "./graph/sources.js";
export { type LlmPolicyOptions, llmPolicy } from "./llm/llm-policy.js";
export {
  type FormedModel,
  type ModelRole,
  type Models,
  modelRoles,
  type PlacedModel,
  type RoleModels,
} from "./models.js";
export type { OutboundOptions } from "./outbound/outbound-of.js";
export { defaultPrompts, type Prompts } from "./prompts/prompts.js";
export { type ReplayOptions, type ReplayWithSchemaOptions, replay } from "./replay/replay.js";
export type { ResearchGraph } from "./researcher/build-research-graph.js";
export { createResearcher } from "./researcher/create-researcher.js";
export type {
  Outline,
  OutlineSection,
  Reference,
  Report,
  ReportSection,
  SectionReference,
} from "./researcher/report.js";
export type { ResearchEvent } from "./researcher/research-event.js";
export type { ResearchRunOptions, ResearchState } from "./researcher/research-state.js";
export type { BundledReport, Researcher, ResearcherOptions, ResearchOptions } from "./researcher/researcher.js";
export type { AskOptions, AskWithSchemaOptions, RetrievalAgent, RetrievalAgentOptions } from "./retrieval-agent.js";
export { type AnswerToXmlOptions, type AnswerXml, answerToXml } from "./structured/answer-to-xml.js";
export { type OpenTelemetryOptions, openTelemetry } from "./telemetry/open-telemetry.js";
export type { BeginOptions, BegunSpan, Telemetry } from "./telemetry/telemetry.js";
export { type AgentToolEvent, type AgentToolOptions, agentTool } from "./tools/agent-tool.js";
export { type AnswerContentOptions, answerContent } from "./tools/answer-content.js";
export type { FilterField, FilterFields } from "./tools/filter-fields.js";
export {
  type PassagesContent,
  type PassagesContentOptions,
  type PlainHit,
  passagesContent,
} from "./tools/passages-content.js";
export { type SearchToolArtifact, type SearchToolOptions, searchTool } from "./tools/search-tool.js";
export { type VerifiedReply, type VerifyReplyOptions, verifyReply } from "./tools/verify-reply.js";
export { type AgentEvents, type ToUIMessageStreamOptions, toUIMessageStream } from "./ui/to-ui-message-stream.js";
export type { ClewUIData, ClewUIMessageChunk, UICitation, UISentence } from "./ui/ui-message-chunk.js";
export type { AgentAnswer, Bundled } from "./with-bundle.js";
