import type {
  Budget,
  Feedback,
  FeedbackRecord,
  Filter,
  Policy,
  Prices,
  RedactText,
  Retriever,
  Runtime,
  Scope,
  StructuredAnswer,
  TraceStore,
  TraceStoreOptions,
  Turn,
} from "@clew/core";
import type { RunnableConfig } from "@langchain/core/runnables";
import type { BaseCheckpointSaver } from "@langchain/langgraph";
import type { z } from "zod/v4";
import type { AgentEvent } from "./agent-event.js";
import type { ApprovalDecision, ApprovalPoint, ApprovalRequest } from "./approval.js";
import type { RetrievalGraph } from "./graph/build-graph.js";
import type { SourceOptions } from "./graph/sources.js";
import type { Models } from "./models.js";
import type { OutboundOptions } from "./outbound/outbound-of.js";
import type { Telemetry } from "./telemetry/telemetry.js";
import type { AgentAnswer } from "./with-bundle.js";

/** Options of `createRetrievalAgent`. */
export interface RetrievalAgentOptions {
  /** Where it looks. Made by `defineRetriever`, or by anything that ends in one. Either this or `sources`. */
  retriever?: Retriever | undefined;
  /**
   * Where it looks, by name: which part of a question goes where is the policy's decision, and where nothing tells, all
   * are asked. Retrievers over one scope; those without a scope take that of the others.
   */
  sources?: Readonly<Record<string, SourceOptions>> | undefined;
  /** What decides. @default llmPolicy() where there are models, extractivePolicy() where there are none */
  policy?: Policy | undefined;
  /** Chat models: one for everything, or one for each role. @default none */
  models?: Models | undefined;
  /** Limits of each run; `hops` counts rounds of retrieval. @default { hops: 3 } */
  budget?: Budget | undefined;
  /**
   * What models cost, by model id as it is served: chat models, and embedders and rerankers that report their tokens.
   * Required of every chat model under a limit of usd. @default none is known
   */
  prices?: Prices | undefined;
  /** Who asks. @default the retrievers' scope; required where it has none, refused where it has another */
  scope?: Scope | undefined;
  /** Hits of each search. @default 10 */
  k?: number | undefined;
  /** Milliseconds after which a search is given up; the others of its round are kept. @default 120,000 */
  timeoutMs?: number | undefined;
  /**
   * Keeps conversations and unfinished runs, by thread, and the output of each model call and search until its run has
   * ended. @default nothing is kept
   */
  checkpointer?: BaseCheckpointSaver | undefined;
  /** Steps before which a run waits for a person; needs a checkpointer, and a thread for each question. @default none */
  approve?: readonly ApprovalPoint[] | undefined;
  /**
   * Keeps the record of each run, written before its answer is handed out, and what people say of the answers. Where it fails, the
   * run rejects with `storage-failed`; in a thread the same question goes on at this point. A run that is aborted, that fails or that
   * waits for a person leaves what it had recorded when its last node closed, as a trace of the run `run#1`, `run#2`, …; where the store
   * does not take that within a second, an event `note` says so, and whoever has left the loop is not told. @default `answer.trace` alone
   */
  traces?: TraceStore | undefined;
  /** Changes texts before they are hashed into the record and kept; ids of sources and passages are not shown to it. @default none */
  redact?: RedactText | undefined;
  /** Time, identities and chance. @default those of the system */
  runtime?: Runtime | undefined;
  /** Where runs show, such as `await openTelemetry()`. @default nowhere */
  telemetry?: Telemetry | undefined;
  /** Which roles may send texts to another machine. What was sent is counted in a note `outbound`. @default all may */
  outbound?: OutboundOptions | undefined;
}

/** Options of one question. */
export interface AskOptions {
  /** Name of the conversation that it belongs to; needs a checkpointer. A question that was broken off is resumed. */
  thread?: string | undefined;
  /** What a person decided on the step that this question waits for in its thread. */
  decision?: ApprovalDecision | undefined;
  /** Rejects with its reason when aborted, and aborts every open call. */
  signal?: AbortSignal | undefined;
  /** Earlier turns, oldest first. @default those of the thread */
  conversation?: readonly Turn[] | undefined;
  /** Limits of this run, each over the agent's own. */
  budget?: Budget | undefined;
  /** Only passages that match are evidence. */
  filter?: Filter | undefined;
  /** Hits of each search. @default the agent's */
  k?: number | undefined;
  /** LangChain callbacks, tags and metadata: nodes, searches and model calls show as children. */
  config?: RunnableConfig | undefined;
}

/** Options of a question whose answer has a form. */
export interface AskWithSchemaOptions<S extends z.core.$ZodType> extends AskOptions {
  /**
   * A zod 4 object: what the answer must fill in. Objects, arrays, strings, numbers, booleans, ISO dates, enums and literals;
   * `describe` says in words what is meant.
   */
  schema: S;
}

/** Answers questions from what a retriever finds. */
export interface RetrievalAgent {
  /**
   * Answers a question. A limit that is reached, a search that fails and a model that talks nonsense end in a partial or
   * abstaining answer with notes, not in an exception.
   *
   * @throws ClewError `invalid-option` or `invalid-filter`; `approval-needed` where a person has to decide first (see
   *   {@link RetrievalAgent.pending}); the signal's reason when it is aborted
   */
  ask(question: string, options?: AskOptions): Promise<AgentAnswer>;
  /**
   * Fills in a schema. Every leaf carries its citations (`answer.fields`, by JSON pointer) and is verified by code; one that nothing
   * supports is null, with a note. `answer.valid` tells whether `answer.value` fits the schema in spite of it.
   *
   * @throws ClewError `invalid-option` for a schema that cannot be filled in from texts; `invalid-output` where the schema refuses what
   *   was found for another reason than what is missing
   */
  ask<S extends z.core.$ZodType>(
    question: string,
    options: AskWithSchemaOptions<S>,
  ): Promise<AgentAnswer<StructuredAnswer<z.core.output<S>>>>;
  /** The same as events: last the answer, or what a person has to decide. Leaving the loop aborts the run. */
  stream(question: string, options?: AskOptions): AsyncGenerator<AgentEvent<AgentAnswer>, void, undefined>;
  /** The same as events: `field` for each leaf when it is verified. */
  stream<S extends z.core.$ZodType>(
    question: string,
    options: AskWithSchemaOptions<S>,
  ): AsyncGenerator<AgentEvent<AgentAnswer<StructuredAnswer<z.core.output<S>>>>, void, undefined>;
  /**
   * Appends what a person says of an answer to its record, in the agent's scope.
   *
   * @throws ClewError `not-found` for an answer without a trace in `traces`; `invalid-option` where the agent has none
   */
  feedback(answer: string, feedback: Feedback, options?: TraceStoreOptions): Promise<FeedbackRecord>;
  /** What a person has to decide in a thread, in whichever process it was asked; undefined where nothing waits. */
  pending(thread: string): Promise<ApprovalRequest | undefined>;
  /** The compiled LangGraph graph, for use inside other graphs; its checkpoints are keyed by its caller. */
  readonly graph: RetrievalGraph;
}
