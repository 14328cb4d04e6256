/** A result of a web search: what is quoted is its `text`. */
export interface WebResult {
  readonly title: string;
  readonly uri: string;
  readonly text: string;
}

/** Searches the web. Write another one for another service: this is all that the starter needs of it. */
export type WebSearch = (query: string, request: { readonly signal: AbortSignal }) => Promise<readonly WebResult[]>;

/** A result as SearXNG's JSON has it, as far as it is read. */
interface SearxngResult {
  readonly title?: unknown;
  readonly url?: unknown;
  readonly content?: unknown;
}

/**
 * Searches by a SearXNG instance, or whatever answers `GET /search?q=…&format=json` alike (an instance has to allow `json`
 * among its formats). Results without a text, and those that lead to no web page, are left out.
 *
 * @param address of the instance, such as `http://127.0.0.1:8888`
 * @throws Error with `status` and `headers` where it refuses, so that `live` knows whether to ask again
 */
export function searxng(address: string): WebSearch {
  const base = new URL(address.endsWith("/") ? address : `${address}/`);
  if (!/^https?:$/.test(base.protocol)) throw new Error(`--web must be an address such as http://127.0.0.1:8888.`);
  return async (query, { signal }) => {
    const url = new URL("search", base);
    url.search = new URLSearchParams({ q: query, format: "json" }).toString();
    const response = await fetch(url, { signal, headers: { accept: "application/json" } });
    if (!response.ok) {
      await response.body?.cancel();
      const { status, headers } = response;
      throw Object.assign(new Error(`The web search at ${base.host} answered ${status}.`), { status, headers });
    }
    const { results } = (await response.json()) as { results?: unknown };
    if (!Array.isArray(results)) throw new Error(`The web search at ${base.host} gave no list of results.`);
    return results.flatMap((one) => readResult(one as SearxngResult | null));
  };
}

function readResult(result: SearxngResult | null): WebResult[] {
  const { title, url, content } = result ?? {};
  if (typeof url !== "string" || !/^https?:\/\//i.test(url) || typeof content !== "string") return [];
  const text = content.trim();
  if (text === "") return [];
  return [{ title: typeof title === "string" && title.trim() !== "" ? title.trim() : url, uri: url, text }];
}
