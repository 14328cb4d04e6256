import { CallbackManager } from "@langchain/core/callbacks/manager";
import type { DocumentInterface } from "@langchain/core/documents";
import { ensureConfig, type RunnableConfig } from "@langchain/core/runnables";
import { checkKeys } from "../errors/check-keys.js";
import { nonNegative, positiveInteger } from "../errors/check-number.js";
import { ClewError } from "../errors/clew-error.js";
import { toldFailure } from "../errors/told-failure.js";
import { checkFilter } from "../filter/check-filter.js";
import { spanned } from "../run/spans.js";
import type { Scope } from "../scope/scope.js";
import { toDocument } from "./documents.js";
import { raceSignal } from "./race-signal.js";
import { type RetrieveConfig, Retriever } from "./retriever.js";
import type { CheckedSearchOptions, SearchOptions } from "./search-options.js";
import type { SearchResult } from "./search-result.js";

/** The function that a retriever is made of. It hands `signal`, `call` and `config` on to whatever it asks. */
export type SearchFunction = (query: string, options: CheckedSearchOptions) => Promise<SearchResult>;

/** Options of {@link defineRetriever}. */
export interface DefineRetrieverOptions {
  /** Whose passages it sees; hand on the scope of the view or retriever below. */
  scope: Scope | undefined;
  /** Hits when a search names no `k`. @default 10 */
  k?: number | undefined;
}

/**
 * Makes a {@link Retriever} of one function: defaults, range checks, callbacks, tracing, cancellation and documents are
 * done here, once for all.
 *
 * @param kind what it is, for traces: `hybrid`, `reranked`
 * @throws ClewError `invalid-option` for a default `k` below 1
 */
export function defineRetriever(
  kind: string,
  search: SearchFunction,
  { scope, k = 10 }: DefineRetrieverOptions,
): Retriever {
  return new DefinedRetriever(kind, search, scope, positiveInteger("k", k));
}

const searchOptions = ["k", "filter", "signal", "deadlineMs", "call", "config"] satisfies (keyof SearchOptions)[];

class DefinedRetriever extends Retriever {
  constructor(
    readonly kind: string,
    private readonly run: SearchFunction,
    readonly scope: Scope | undefined,
    private readonly defaultK: number,
  ) {
    super();
  }

  static override lc_name(): string {
    return "ClewRetriever";
  }

  override async search(query: string, options: SearchOptions = {}): Promise<SearchResult> {
    checkKeys(`${this.kind}.search`, options, searchOptions);
    const k = positiveInteger("k", options.k ?? this.defaultK);
    if (options.filter !== undefined) checkFilter(options.filter);
    if (options.deadlineMs !== undefined) nonNegative("deadlineMs", options.deadlineMs);
    const outer = options.signal ?? options.call?.signal ?? options.config?.signal;
    outer?.throwIfAborted();
    // a signal of its own: many searches under one caller's signal do not pile up listeners on it
    const signal = outer === undefined ? undefined : AbortSignal.any([outer]);

    const config: RunnableConfig = ensureConfig(options.config ?? options.call?.config ?? {});
    const callbacks = await CallbackManager.configure(
      config.callbacks,
      this.callbacks,
      config.tags,
      this.tags,
      config.metadata,
      this.metadata,
      this.verbose === undefined ? {} : { verbose: this.verbose },
    );
    const trace = await callbacks?.handleRetrieverStart(
      this.toJSON(),
      query,
      config.runId,
      undefined,
      undefined,
      undefined,
      config.runName ?? this.kind,
    );
    try {
      const child: RunnableConfig = { ...config };
      delete child.runId;
      delete child.runName;
      const nested = trace?.getChild();
      if (nested !== undefined) child.callbacks = nested;
      const start = () => ({ name: this.kind, attributes: { "clew.retriever": this.kind, "clew.k": k } });
      const found = await spanned(options.call, start, async (span) => {
        const given = options.call === undefined ? {} : { call: { ...options.call, spans: span.spans } };
        const result = await raceSignal(this.run(query, { ...options, ...given, k, signal, config: child }), signal);
        checkResult(result, k, this.kind);
        span.set({ "clew.hits": result.hits.length, "clew.generation": result.generation });
        return result;
      });
      await trace?.handleRetrieverEnd(found.hits.map(toDocument));
      return found;
    } catch (error) {
      await trace?.handleRetrieverError(toldFailure(error));
      throw error;
    }
  }

  override async invoke(input: string, options: RetrieveConfig = {}): Promise<DocumentInterface[]> {
    const { k, filter, deadlineMs, ...rest } = options;
    const config: RunnableConfig = ensureConfig(rest); // turns `timeout` into a signal
    const { hits } = await this.search(input, { k, filter, deadlineMs, signal: config.signal, config });
    return hits.map(toDocument);
  }
}

/** Results that make no sense stop here, under the name of the stage that made them. */
function checkResult({ hits }: SearchResult, k: number, kind: string): void {
  const fail = (what: string): never => {
    throw new ClewError("retriever-failed", `The retriever "${kind}" returned ${what}.`);
  };
  if (hits.length > k) fail(`${hits.length} hits where at most ${k} were asked for`);
  const seen = new Set<string>();
  for (const { passage, score } of hits) {
    if (!Number.isFinite(score)) fail(`the score ${score} for passage ${passage.id}`);
    if (seen.has(passage.id)) fail(`passage ${passage.id} twice`);
    seen.add(passage.id);
  }
}
