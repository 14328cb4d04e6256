import type { RunnableConfig } from "@langchain/core/runnables";
import type { Filter } from "../filter/filter.js";
import type { Call } from "../run/call.js";

/** Options of one search. */
export interface SearchOptions {
  /** How many hits at most. @default 10 */
  readonly k?: number | undefined;
  /** Only passages that match. @default every passage in scope */
  readonly filter?: Filter | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds after which stages that can stop early do so, with a note. @default no deadline */
  readonly deadlineMs?: number | undefined;
  /** The run that asks: its meter is charged and its journal written. @default a search on its own */
  readonly call?: Call | undefined;
  /** LangChain callbacks, tags and metadata: nested searches show as children in a trace. */
  readonly config?: RunnableConfig | undefined;
}

/** Options as a retriever's own function receives them: defaults filled in, ranges checked. */
export interface CheckedSearchOptions extends SearchOptions {
  readonly k: number;
}
