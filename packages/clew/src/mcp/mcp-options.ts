import type { RetrievalAgent } from "@clew/agents";
import {
  type Budget,
  checkFilter,
  checkKeys,
  type Filter,
  type IndexView,
  invalidOption,
  positiveInteger,
  type Retriever,
  type Runtime,
  scopeKey,
} from "@clew/core";

/** Options of `mcpServer`. */
export interface McpServerOptions {
  /** What `search` searches; its scope is the server's, and nothing that a client sends changes it. */
  retriever: Retriever;
  /** What `ask` asks: an agent over the same scope. @default none: there is no `ask` */
  agent?: Pick<RetrievalAgent, "stream"> | undefined;
  /** Where `fetch_passage` looks: a view of the same scope. @default none: there is no `fetch_passage` */
  view?: IndexView | undefined;
  /** Only passages that match, in `search` and `ask`. @default every passage in scope */
  filter?: Filter | undefined;
  /** Limits of each `ask`, each over the agent's own. @default the agent's */
  budget?: Budget | undefined;
  /** Passages of a search that names no number. @default 5 */
  k?: number | undefined;
  /** Longest text of a result's passages, in UTF-16 code units; what is cut leaves a note. @default 20,000 */
  maxChars?: number | undefined;
  /** What is in there, in words by which a model decides whether to look. @default "the documents of this server" */
  about?: string | undefined;
  /** Name that clients show. @default "clew" */
  name?: string | undefined;
  /** What each call waits for before it works, as an index that is being filled. @default nothing */
  ready?: Promise<unknown> | undefined;
  /** Aborts every call that is running. @default never */
  signal?: AbortSignal | undefined;
  /** Draws the markers of fences. @default that of the system */
  runtime?: Pick<Runtime, "random"> | undefined;
}

/** Options as the handlers use them. */
export interface CheckedMcpOptions extends McpServerOptions {
  readonly k: number;
  readonly maxChars: number;
  readonly about: string;
  readonly name: string;
}

const keys = [
  ...["retriever", "agent", "view", "filter", "budget", "k", "maxChars", "about", "name", "ready", "signal", "runtime"],
];

/** @throws ClewError `invalid-option`, `invalid-filter` */
export function checkMcpOptions(options: McpServerOptions): CheckedMcpOptions {
  checkKeys("mcpServer", options, keys);
  const { retriever, agent, view, filter, budget, about = "the documents of this server", name = "clew" } = options;
  if (typeof retriever?.search !== "function") throw invalidOption("retriever", "a clew retriever");
  if (filter !== undefined) checkFilter(filter);
  if (budget !== undefined && agent === undefined) throw invalidOption("budget", "left out where there is no agent");
  if (view !== undefined && retriever.scope !== undefined && scopeKey(view.scope) !== scopeKey(retriever.scope)) {
    throw invalidOption("view", "of the retriever's scope");
  }
  if (typeof about !== "string" || about.trim() === "") throw invalidOption("about", "a text", about);
  if (typeof name !== "string" || name.trim() === "") throw invalidOption("name", "a text", name);
  const k = positiveInteger("k", options.k ?? 5);
  if (k > 50) throw invalidOption("k", "50 at most", k);
  return { ...options, about, name, k, maxChars: positiveInteger("maxChars", options.maxChars ?? 20_000) };
}
