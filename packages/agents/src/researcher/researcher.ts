import type { Budget, Feedback, FeedbackRecord, Filter, TraceStoreOptions } from "@clew/core";
import type { RunnableConfig } from "@langchain/core/runnables";
import type { RetrievalAgentOptions } from "../retrieval-agent.js";
import type { Bundled } from "../with-bundle.js";
import type { ResearchGraph } from "./build-research-graph.js";
import type { Report } from "./report.js";
import type { ResearchEvent } from "./research-event.js";

/** A report of a researcher: plain JSON, with a method that JSON does not see. */
export type BundledReport = Report & Bundled;

/** Options of `createResearcher`: those of an agent, which writes each section, and what is only of a report. */
export interface ResearcherOptions
  extends Pick<
    RetrievalAgentOptions,
    | "retriever"
    | "sources"
    | "policy"
    | "models"
    | "prices"
    | "scope"
    | "k"
    | "timeoutMs"
    | "checkpointer"
    | "traces"
    | "redact"
    | "runtime"
    | "telemetry"
    | "outbound"
  > {
  /**
   * Limits of each report as a whole. The outline may take a quarter of each; what is left is shared out: of tokens, money, calls and
   * hops every section that has not begun gets an equal part, of time every round of sections does. What a section leaves over goes
   * to those of the rounds after it. @default none; 3 hops for each section
   */
  budget?: Budget | undefined;
  /** Most sections of a report. @default 6 */
  sections?: number | undefined;
  /** Most sections at work side by side: a round. @default 3 */
  parallel?: number | undefined;
}

/** Options of one report. */
export interface ResearchOptions {
  /** Name under which it is kept; needs a checkpointer. A report that was broken off is resumed. */
  thread?: string | undefined;
  /** Rejects with its reason when aborted, and aborts every open call of every section. */
  signal?: AbortSignal | undefined;
  /** Limits of this report, each over the researcher's own. */
  budget?: Budget | undefined;
  /** Only passages that match are evidence. */
  filter?: Filter | undefined;
  /** Hits of each search. @default the researcher's */
  k?: number | undefined;
  /** LangChain callbacks, tags and metadata: nodes, searches and model calls show as children. */
  config?: RunnableConfig | undefined;
}

/** Writes reports from what a retriever finds. */
export interface Researcher {
  /**
   * Researches a question. A limit that is reached, a search or a section that fails, and a model that talks nonsense end in a partial
   * or abstaining report with notes, not in an exception.
   *
   * @throws ClewError `invalid-option` or `invalid-filter`; the signal's reason when it is aborted
   */
  research(question: string, options?: ResearchOptions): Promise<BundledReport>;
  /** The same as events: last the report. One that is resumed first tells again what stands. Leaving the loop aborts it. */
  stream(question: string, options?: ResearchOptions): AsyncGenerator<ResearchEvent<BundledReport>, void, undefined>;
  /**
   * Appends what a person says of a report, or of a section by its answer's id (`report-section`), to its record, in the researcher's scope.
   *
   * @throws ClewError `not-found` for one without a trace in `traces`; `invalid-option` where the researcher has none
   */
  feedback(report: string, feedback: Feedback, options?: TraceStoreOptions): Promise<FeedbackRecord>;
  /** The compiled LangGraph graph, for use inside other graphs; its checkpoints are keyed by its caller. */
  readonly graph: ResearchGraph;
}
