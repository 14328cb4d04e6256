import type { Filter, Scope } from "@clew/core";
import type { RunnableConfig } from "@langchain/core/runnables";

/** What a live function is asked with. */
export interface LiveRequest {
  /** Hits that the search wants at most; more results are allowed. */
  readonly k: number;
  /** The filter of the search; only where `handlesFilter` is set. */
  readonly filter?: Filter | undefined;
  /** Aborted when the caller leaves or the time is over: hand it on. */
  readonly signal: AbortSignal;
  /** Who asks, in a run; absent in a search on its own. */
  readonly scope?: Scope | undefined;
  /** LangChain callbacks, tags and metadata. */
  readonly config?: RunnableConfig | undefined;
}

/** One result in full. */
export interface LiveItem {
  /** Its identity where it comes from. @default uri */
  readonly id?: string | number | bigint | undefined;
  readonly title?: string | undefined;
  readonly text: string;
  /** Where a person finds it. */
  readonly uri?: string | undefined;
  /** Nested values become JSON text. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /** Larger is better. Every result of a list has one, or none has. */
  readonly score?: number | undefined;
}

/**
 * What may come back: a text, a {@link LiveItem}, a LangChain `Document`, or a row: any other plain object, read as
 * `column: value` lines.
 */
export type LiveResult = string | LiveItem | object;

/** Fetches what is known of a query at this moment, best first. */
export type LiveFunction = (
  query: string,
  request: LiveRequest,
) => Promise<LiveResult | readonly LiveResult[]> | LiveResult | readonly LiveResult[];

/** What a LangChain tool is to clew. */
export interface LiveTool {
  readonly name: string;
  /** zod or JSON schema of its input. */
  readonly schema?: unknown;
  // written as a method, so that every tool fits whatever its input type is
  invoke(input: never, config?: RunnableConfig): Promise<unknown>;
}
