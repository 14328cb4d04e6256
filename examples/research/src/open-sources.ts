import * as clew from "clew";
import type { WebSearch } from "./web-search.js";

/** Options of {@link openSources}. */
export interface OpenSourcesOptions {
  /** Holds the documents. Whoever opened it closes it. */
  index: clew.Index;
  /** Whose documents may be seen: nothing in a request can change it. */
  scope: clew.Scope;
  /** Searches the documents. @default clew.linked: follows names from document to document, needs an embedder */
  search?: ((view: clew.IndexView) => clew.Retriever) | undefined;
  /** Searches the web beside them. @default not at all */
  web?: WebSearch | undefined;
}

/** A source's text, to be shown around a citation. */
export interface ReadSource {
  readonly text: clew.SourceText;
  /** When it was fetched, in milliseconds since 1970; absent for the user's own documents. */
  readonly fetchedAt?: number | undefined;
}

/** Where the researcher looks, and what its citations lead to. */
export interface Sources {
  /** The places by name, as a researcher takes them. */
  readonly places: Readonly<Record<string, { readonly retriever: clew.Retriever; readonly about: string }>>;
  /** Whether a source was fetched from the web. */
  isLive(source: string): boolean;
  /** The text of a source that this scope may see; undefined for any other. */
  read(source: string, signal?: AbortSignal): Promise<ReadSource | undefined>;
}

/** Web results that are remembered as such. */
const mostFetched = 10_000;

/** The user's own documents and, where there is a web search, what it finds while a report is made. */
export function openSources({ index, scope, search = clew.linked, web }: OpenSourcesOptions): Sources {
  const view = index.in(scope);
  const documents = { retriever: search(view), about: "The user's own documents, on any subject." };
  const fetched = new Set<string>();
  const kept = clew.frozenStore();
  const store = {
    ...kept,

    set: (frozen: Parameters<typeof kept.set>[0]) => {
      fetched.add(frozen.text.source.id);
      for (const oldest of fetched) {
        if (fetched.size <= mostFetched) break;
        fetched.delete(oldest);
      }
      return kept.set(frozen);
    },
  };
  const places =
    web === undefined
      ? { documents }
      : {
          documents,
          web: {
            retriever: clew.live((query, { signal }) => web(query, { signal }), {
              name: "web",
              store,
              retries: 1,
              timeoutMs: 15_000,
              maxResults: 20,
            }),
            about: "The web, searched at this moment, on any subject.",
          },
        };
  return {
    places,
    isLive: (source) => fetched.has(source),
    read: async (source, signal) => {
      const frozen = fetched.has(source) ? await kept.get(source) : undefined;
      if (frozen !== undefined) {
        return { text: frozen.text, fetchedAt: frozen.fetchedAt };
      }
      const own = await view.read((snapshot) => snapshot.sourceText(source), { signal });
      return own === undefined ? undefined : { text: own };
    },
  };
}
