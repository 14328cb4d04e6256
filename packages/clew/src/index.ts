export {
  type AgentEvent,
  createRetrievalAgent,
  erasableCheckpoints,
  extractivePolicy,
  llmPolicy,
} from "@clew/agents";
export {
  type Answer,
  type Budget,
  type Citation,
  ClewError,
  type ClewErrorCode,
  type Embedder,
  type Erasable,
  type EraseReceipt,
  type EraseReceipts,
  embedderFrom,
  eraser,
  type Filter,
  fromDocument,
  type Hit,
  houseForm,
  type Index,
  type IndexView,
  joinTraces,
  markerForm,
  memoryTraces,
  type Note,
  openTrace,
  type Passage,
  proseForm,
  quoteTagForm,
  type Reranker,
  Retriever,
  type Scope,
  type SearchResult,
  type Source,
  type SyncReport,
  scope,
  type Trace,
  type TraceStore,
  toDocument,
  verifyTrace,
  type WriterForm,
} from "@clew/core";
export {
  canary,
  type EndpointModel,
  type EndpointOptions,
  embeddingEndpoint,
  endpoint,
  endpointFromSpec,
  escalating,
  fitEscalation,
  formatProbe,
  modelSource,
  type ProbeReport,
  probe,
  rerankEndpoint,
  // `routed` is the retriever that chooses among places; this one chooses among models
  routed as routedModels,
  sagemakerChat,
  supportOf,
} from "@clew/endpoints";
export { memoryIndex, openIndex } from "@clew/index";
export { contextFile, documents, enriched, files, rows, webPages } from "@clew/ingest";
export { crossEncoder, localEmbedder, miniLM } from "@clew/local";
export { fileTraces, receiptFile, verifyTraceFiles } from "@clew/record";
export {
  cached,
  convex,
  decomposition,
  diverse,
  expanded,
  feedback,
  filtered,
  frozenStore,
  httpReranker,
  hybrid,
  hyde,
  lexical,
  linked,
  listwiseReranker,
  live,
  multiQuery,
  naive,
  proximityReranker,
  questionKind,
  reranked,
  routed,
  rrf,
  stepBack,
  tuneFusion,
  widened,
} from "@clew/retrievers";
export { type IndexLocation, type IndexLocationOptions, indexLocation } from "./cli/index-location.js";
export { type AnswerJson, answerJson, type CitationJson } from "./report/answer-json.js";
export { type FormatAnswerOptions, formatAnswer, formatCitation, formatQuery } from "./report/format-answer.js";
export { formatExplain } from "./report/format-explain.js";
export { formatReceipt } from "./report/format-receipt.js";
export { formatSync } from "./report/format-sync.js";
export { type ShownProgress, type ShowProgressOptions, showProgress } from "./report/show-progress.js";
