import {
  type CallSite,
  failureAgain,
  failureData,
  type PolicyCall,
  RecordedFailure,
  type Retriever,
  raceSignal,
  type SearchOptions,
  type SearchResult,
  spanned,
  talliedMeter,
  type Usage,
} from "@clew/core";
import { checkFound } from "./check-found.js";
import type { RunJournal } from "./run-journal.js";

/** What is searched, and how it is known again. */
export interface SearchOnceOptions {
  readonly retriever: Retriever;
  readonly query: string;
  /** Name of the place; absent where there is but one without a name. */
  readonly source?: string | undefined;
  readonly options: Omit<SearchOptions, "call">;
  readonly call: PolicyCall;
  /** The branch of this search. */
  readonly journal: RunJournal;
  readonly site: CallSite;
}

/** What a search found, and the call it was. */
export interface SearchedOnce {
  readonly found: SearchResult;
  readonly call: string;
}

/**
 * Searches, unless the journal holds what the same search of the run found: then that is handed back, and what it spent
 * is counted, for the meter of a resumed run has not seen it.
 *
 * @throws what the search rejects with; its signal's reason; ClewError `retriever-failed` for what makes no sense
 */
export async function searchOnce(what: SearchOnceOptions): Promise<SearchedOnce> {
  const { retriever, query, source } = what;
  const start = () => ({
    name: `retrieval ${source ?? retriever.kind}`,
    attributes: {
      "gen_ai.operation.name": "retrieval",
      "gen_ai.data_source.id": source ?? retriever.kind,
      "gen_ai.request.top_k": what.options.k,
    },
  });
  return spanned(what.call, start, async (span) => {
    span.texts((clean) => ({ "gen_ai.retrieval.query.text": clean(query) }));
    const searched = await search({ ...what, call: { ...what.call, spans: span.spans } }, () =>
      span.set({ "clew.kept": true }),
    );
    const { hits } = searched.found;
    span.set({ "clew.hits": hits.length });
    span.texts(() => ({
      "gen_ai.retrieval.documents": JSON.stringify(hits.map(({ passage: { id }, score }) => ({ id, score }))),
    }));
    return searched;
  });
}

async function search(what: SearchOnceOptions, onKept: () => void): Promise<SearchedOnce> {
  const { retriever, query, options, call: whole, journal, site } = what;
  const { signal, config } = options;
  const { meter, chargeRest, total, usage } = talliedMeter(whole.meter);
  const ask = async (): Promise<SearchResult> => {
    const searched = retriever.search(query, {
      ...options,
      call: { ...whole, meter, journal, signal },
      config: { ...config, ...(signal === undefined ? {} : { signal }) },
    });
    // a retriever need not be one of defineRetriever's, which listen and check
    const found = await raceSignal(searched, signal);
    const checked = checkFound(found, { kind: retriever.kind, filter: options.filter });
    chargeRest(checked.usage);
    return { ...checked, usage: total(checked.usage) };
  };
  const { output, call, again } = await journal
    .keep(site, "search", ask, { failed: (error) => ({ ...failureData(error), usage: { ...usage() } }) })
    .catch((error: unknown) => {
      if (!(error instanceof RecordedFailure)) throw error;
      whole.meter.charge(error.data.usage as unknown as Usage);
      throw failureAgain(error);
    });
  if (again) onKept();
  if (again) whole.meter.charge(output.usage);
  return { found: output, call };
}
