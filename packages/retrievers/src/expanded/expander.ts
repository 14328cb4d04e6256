import type { Call, Note, Scope, SearchResult, Usage } from "@clew/core";
import type { RunnableConfig } from "@langchain/core/runnables";

/** A query that is searched beside the original. */
export interface FurtherQuery {
  readonly text: string;
  /** Share among the further queries (above 0), before they are scaled to 1 in sum. @default 1 */
  readonly weight?: number | undefined;
  /** Stands for the text in explanations. @default the beginning of the text */
  readonly label?: string | undefined;
}

/** What an expander made of a query. */
export interface Expansion {
  /** Best first; duplicates are dropped by `expanded`. Empty where nothing usable came of it. */
  readonly queries: readonly FurtherQuery[];
  /** `fell-back` where nothing usable came of it, and why. */
  readonly notes: readonly Note[];
  /** Spent, and already charged to the meter of the call. */
  readonly usage: Usage;
}

/** Options of {@link Expander.expand}. */
export interface ExpandOptions {
  /** What the original query finds, at the depth of `expanded`: it is searched anyhow, once. */
  readonly found: () => Promise<SearchResult>;
  /** Whose passages are searched. */
  readonly scope: Scope | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly call?: Call | undefined;
  readonly config?: RunnableConfig | undefined;
}

/** Makes further queries of one: see `feedback`, `multiQuery`, `hyde`, `stepBack` and `decomposition`. */
export interface Expander {
  /** Names its queries in explanations and notes. */
  readonly id: string;
  expand(query: string, options: ExpandOptions): Promise<Expansion>;
}
