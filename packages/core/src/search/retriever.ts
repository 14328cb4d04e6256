import type { DocumentInterface } from "@langchain/core/documents";
import { BaseRetriever } from "@langchain/core/retrievers";
import type { RunnableConfig } from "@langchain/core/runnables";
import type { Filter } from "../filter/filter.js";
import type { Scope } from "../scope/scope.js";
import type { SearchOptions } from "./search-options.js";
import type { SearchResult } from "./search-result.js";

/** Options of {@link Retriever.invoke}: LangChain's own and those of a search. */
export interface RetrieveConfig extends RunnableConfig {
  readonly k?: number;
  readonly filter?: Filter;
  readonly deadlineMs?: number;
}

/**
 * A LangChain retriever that also returns scores, explanations and notes. Make one with `defineRetriever`; accept any
 * with `isRetriever`.
 */
export abstract class Retriever extends BaseRetriever {
  override lc_namespace = ["clew", "retrievers"];

  /** What it is, for traces and explanations: `hybrid`, `reranked`, … */
  abstract readonly kind: string;

  /** Whose passages it sees; absent for retrievers over live data. */
  abstract readonly scope: Scope | undefined;

  /** @throws the signal's reason when aborted; ClewError `invalid-option`, `invalid-filter`, or what a stage throws */
  abstract search(query: string, options?: SearchOptions): Promise<SearchResult>;

  /** The same as documents: id, score, explanation and spans under `metadata.clew` (see `toDocument`). */
  abstract override invoke(input: string, options?: RetrieveConfig): Promise<DocumentInterface[]>;
}

/** True for any {@link Retriever}, across duplicate copies of the package. */
export const isRetriever = (value: unknown): value is Retriever =>
  typeof value === "object" &&
  value !== null &&
  "search" in value &&
  typeof value.search === "function" &&
  "invoke" in value &&
  typeof value.invoke === "function";
