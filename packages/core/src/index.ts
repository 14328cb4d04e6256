export type { Answer, AnswerSentence, AnswerStatus, HopRecord } from "./agent/answer.js";
export type { AnswerField, AnswerFields } from "./agent/answer-field.js";
export type { Capabilities } from "./agent/capabilities.js";
export type { FieldKind, FieldValue, Form, LeafForm, ListForm, ObjectForm } from "./agent/form.js";
export type { ModelSource, SentRequests, ServedModel } from "./agent/model-source.js";
export type {
  DraftEvent,
  ExtractEvent,
  FieldDraft,
  Follow,
  Grade,
  Judgement,
  Plan,
  Policy,
  PolicyCall,
  PolicyState,
  RefusedField,
  Route,
  SourceDescription,
  SubQuestion,
  Turn,
} from "./agent/policy.js";
export { type QuoteTagOptions, quoteTagParser } from "./agent/quote-tag-parser.js";
export { type ServedBy, type ServedMetadata, servedBy } from "./agent/served-by.js";
export type { Extracted, StructuredAnswer } from "./agent/structured-answer.js";
export {
  type DraftParser,
  formParser,
  type ParsedSentence,
  type WriterForm,
  type WriterPrompt,
  type WriterRequest,
} from "./agent/writer-form.js";
export { houseForm, markerForm, proseForm, quoteTagForm, type TrainedPrompt } from "./agent/writer-forms.js";
export { checkKeys } from "./errors/check-keys.js";
export { isNonNegative, isPositiveInteger, nonNegative, positiveInteger } from "./errors/check-number.js";
export { ClewError, type ClewErrorCode } from "./errors/clew-error.js";
export { invalidOption } from "./errors/invalid-option.js";
export { type LoadOptionalOptions, loadOptional } from "./errors/load-optional.js";
export { redact } from "./errors/redact.js";
export { type AlignClaimOptions, alignClaim } from "./evidence/align-claim.js";
export type { Citation, DraftCitation, QuoteCheck } from "./evidence/citation.js";
export { type Conflict, conflictsAmong } from "./evidence/conflicts-among.js";
export type { Evidence, EvidenceId, EvidenceRecord } from "./evidence/evidence.js";
export { type EvidenceLedger, type EvidenceLedgerOptions, evidenceLedger } from "./evidence/evidence-ledger.js";
export { type FencedText, type FencedTexts, type FenceTextsOptions, fenceTexts } from "./evidence/fence-texts.js";
export { type FindConflictsOptions, type FoundConflict, findConflicts } from "./evidence/find-conflicts.js";
export { type FindQuoteOptions, findQuote } from "./evidence/find-quote.js";
export { cite, locateQuote } from "./evidence/locate-quote.js";
export { type Neutralised, neutralise } from "./evidence/neutralise.js";
export { orderForPrompt } from "./evidence/order-for-prompt.js";
export {
  type EvidenceLine,
  type RenderEvidenceOptions,
  type RenderedEvidence,
  renderEvidence,
} from "./evidence/render-evidence.js";
export { type SafeAnswerText, safeAnswerText } from "./evidence/safe-answer-text.js";
export type { Verdict } from "./evidence/verdict.js";
export {
  type DraftSentence,
  type VerifiedSentence,
  type VerifySentenceOptions,
  verifySentence,
} from "./evidence/verify-sentence.js";
export { checkFilter } from "./filter/check-filter.js";
export type { FieldConditions, Filter, FilterValue } from "./filter/filter.js";
export { type FilterRecord, filterRecord, matchesFilter } from "./filter/matches-filter.js";
export type { Index, ReadSourceOptions, SourceChange, WriteOptions } from "./index/index-port.js";
export type { IndexCapabilities, IndexView, ReadViewOptions } from "./index/index-view.js";
export type { LegOptions, LegResult } from "./index/leg-result.js";
export type {
  Edge,
  LinkOptions,
  Mention,
  MetadataField,
  PassageScore,
  PassageScores,
  ScoredPassages,
  Snapshot,
} from "./index/snapshot.js";
export type { FailedSync, SourceRecord, SyncOptions, SyncProgress, SyncReport } from "./index/sync.js";
export type { JsonObject, JsonValue } from "./json.js";
export { askJson, type JsonAnswer, type JsonMethod, type JsonQuestion } from "./model/ask-json.js";
export { callModel, type ModelRequest } from "./model/call-model.js";
export { addressesOf, isRemoteAddress, isRemoteModel } from "./model/is-remote.js";
export { type ModelCall, type ModelCallOptions, modelCall, type TalliedModelCall } from "./model/model-call.js";
export type { ModelReply } from "./model/model-reply.js";
export {
  checkPrices,
  type ModelPrice,
  type Prices,
  priceOf,
  priceOfServed,
  priceUnknown,
  type Spent,
  usdOf,
} from "./model/prices.js";
export { providerOf, serverOf } from "./model/provider-of.js";
export type { ReplyForm, Streams } from "./model/reply-form.js";
export { modelId, servedAs } from "./model/served-model.js";
export { answerUnknown, isSameTrace, rootInSlices, rootOf } from "./record/check-trace.js";
export { eraseTexts } from "./record/erase-texts.js";
export { type EraseReceipts, type Eraser, type EraserOptions, eraser } from "./record/eraser.js";
export type { Erasable, ErasedPlace, EraseReceipt, EraseRequest } from "./record/erasure.js";
export { appendFeedback, checkFeedback, type FeedbackChain, readFeedback } from "./record/feedback-chain.js";
export { type JoinTracesOptions, joinTraces } from "./record/join-traces.js";
export { type MemoryTracesOptions, memoryTraces } from "./record/memory-traces.js";
export { type OpenTraceOptions, openTrace } from "./record/open-trace.js";
export { partRun } from "./record/part-run.js";
export type { RunEnd } from "./record/run-end.js";
export { type SealTraceOptions, sealTrace, sealTraceInSlices } from "./record/seal-trace.js";
export type { RedactText } from "./record/text-vault.js";
export type { TextReference, Trace, TraceLine, TraceText } from "./record/trace.js";
export { parseLastLine, parseTrace, traceJsonl } from "./record/trace-jsonl.js";
export type { Feedback, FeedbackRecord, TraceStore, TraceStoreOptions } from "./record/trace-store.js";
export {
  type TraceCheck,
  type TraceDamage,
  type VerifyTraceOptions,
  verifyTrace,
  verifyTraceInSlices,
} from "./record/verify-trace.js";
export { type Budget, type BudgetLimit, checkBudget } from "./run/budget.js";
export type { Call } from "./run/call.js";
export { callId } from "./run/call-id.js";
export { type Deadline, type StartDeadlineOptions, startDeadline } from "./run/deadline.js";
export type { CallSite, Journal, JournalEntry, OnceOptions } from "./run/journal.js";
export { type MemoryJournalOptions, memoryJournal } from "./run/memory-journal.js";
export { type Charge, type Meter, type MeterOptions, type MeterState, meter, type Reservation } from "./run/meter.js";
export { type Note, type NoteCode, note } from "./run/note.js";
export { isRefused, namesOf, type Outbound, outboundRefused, recordSent, type SentTexts } from "./run/outbound.js";
export { failureAgain, failureData, RecordedFailure } from "./run/recorded-failure.js";
export { type Runtime, systemRuntime } from "./run/runtime.js";
export { type OpenSpan, type SpanAttributes, type SpanStart, type Spans, spanned } from "./run/spans.js";
export { type TalliedMeter, talliedMeter } from "./run/tallied-meter.js";
export { addUsage, noUsage, type Usage } from "./run/usage.js";
export { type AccessLists, isVisible } from "./scope/is-visible.js";
export { type Scope, type ScopeOptions, scope } from "./scope/scope.js";
export { scopeKey } from "./scope/scope-key.js";
export { type AnyEmbedder, asEmbedder, isEmbedder } from "./search/as-embedder.js";
export { type DefineRetrieverOptions, defineRetriever, type SearchFunction } from "./search/define-retriever.js";
export { type DocumentTrace, type FromDocumentOptions, fromDocument, toDocument } from "./search/documents.js";
export type { Embedded, Embedder, EmbedderFingerprint, EmbedOptions } from "./search/embedder.js";
export { type EmbedderFromOptions, embedderFrom } from "./search/embedder-from.js";
export { embeddingText } from "./search/embedding-text.js";
export {
  type EmbeddingEstimate,
  type EstimateEmbeddingOptions,
  estimateEmbedding,
} from "./search/estimate-embedding.js";
export type { Explain, FusedPart, Leg, LinkStep, TermScore } from "./search/explain.js";
export { type FetchWithinOptions, fetchWithin } from "./search/fetch-within.js";
export { compareHits, type Hit } from "./search/hit.js";
export { type PostJsonOptions, postJson } from "./search/post-json.js";
export type { EmbeddedQuery, Query } from "./search/query.js";
export { raceSignal } from "./search/race-signal.js";
export { type RateLimiter, type RateLimiterOptions, rateLimiter } from "./search/rate-limiter.js";
export type { Reranked, Reranker, RerankOptions, ScoreScale } from "./search/reranker.js";
export {
  type RerankerFromOptions,
  rerankerFrom,
  type ScoreRequest,
  type ScoreResponse,
} from "./search/reranker-from.js";
export { isRetriever, type RetrieveConfig, Retriever } from "./search/retriever.js";
export {
  mayPass,
  type RequestFailure,
  type RetryRequestOptions,
  requestFailure,
  retryRequest,
} from "./search/retry-request.js";
export type { CheckedSearchOptions, SearchOptions } from "./search/search-options.js";
export type { SearchResult } from "./search/search-result.js";
export { sleep } from "./search/sleep.js";
export { untilAborted } from "./search/until-aborted.js";
export type { Metadata, MetadataValue } from "./source/metadata.js";
export type { Passage } from "./source/passage.js";
export { type PassageId, passageId } from "./source/passage-id.js";
export type { Reader, ReaderInput, ReadOptions } from "./source/reader.js";
export type { Source, SourceId } from "./source/source.js";
export type { FailedSource, ReadableSource, ReadResult, SourceInput } from "./source/source-input.js";
export type { Heading, PageBreak, SourceText } from "./source/source-text.js";
export type { Span } from "./source/span.js";
export type { SplitOptions, Splitter } from "./source/splitter.js";
export { libraryVersion } from "./version.js";
