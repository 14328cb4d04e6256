const keyLike = /key|token|secret|passw|pwd|signature|credential|auth/i;

/**
 * A web address that may stand in a proof: http or https, without user name and password and without what its query names a key;
 * undefined for any other.
 */
export function webAddress(uri: string | undefined): string | undefined {
  if (uri === undefined || !URL.canParse(uri)) return undefined;
  const url = new URL(uri);
  if (url.protocol !== "https:" && url.protocol !== "http:") return undefined;
  url.username = "";
  url.password = "";
  for (const name of [...url.searchParams.keys()]) if (keyLike.test(name)) url.searchParams.delete(name);
  return url.href;
}

/** What {@link sourceLink} leads to. */
export interface SourceLinkOptions {
  readonly uri: string;
  readonly mediaType?: string | undefined;
  readonly page?: number | undefined;
  readonly quote: string;
  readonly prefix: string;
  readonly suffix: string;
  /** The quote's own words do not tell it from another place. */
  readonly ambiguous: boolean;
}

/**
 * The address of a quote in its source: `#page=N` for a PDF (RFC 8118), a text fragment for a web page or a text.
 *
 * @param uri as {@link webAddress} gives it
 * @see WICG, "URL Fragment Text Directives"
 */
export function sourceLink({ uri, mediaType, page, ...quote }: SourceLinkOptions): string {
  const url = new URL(uri);
  if (mediaType === "application/pdf" || (mediaType === undefined && /\.pdf$/i.test(url.pathname))) {
    if (page !== undefined) url.hash = `page=${page}`;
    return url.href;
  }
  const fragment = textFragment(quote);
  if (fragment === "") return uri;
  const own = url.hash.split(":~:")[0]!;
  url.hash = "";
  return `${url.href}${own === "" ? "#" : own}:~:${fragment}`;
}

/** Longest quote that is written out, in UTF-16 code units; of a longer one, its first and last words. */
const longest = 300;
const wordsAtEnds = 6;
const wordsAround = 3;

/**
 * The text directive of a quote, `text=[prefix-,]start[,end][,-suffix]`; empty for one without a word. A match lies within one
 * block of the page, so a quote of several lines is given by its first and last words too.
 */
export function textFragment({
  quote,
  prefix,
  suffix,
  ambiguous,
}: Pick<SourceLinkOptions, "quote" | "prefix" | "suffix" | "ambiguous">): string {
  const exact = quote.trim();
  if (wordsIn(exact).length === 0) return "";
  const parts: string[] = [];
  const short = exact.length <= longest && !exact.includes("\n");
  const start = short ? undefined : firstWords(exact.split("\n")[0]!, wordsAtEnds);
  const end = short ? undefined : lastWords(exact.split("\n").at(-1)!, wordsAtEnds);
  const before = ambiguous ? lastWords(prefix.split("\n").at(-1)!, wordsAround) : "";
  const after = ambiguous ? firstWords(suffix.split("\n")[0]!, wordsAround) : "";
  if (before !== "") parts.push(`${encode(before)}-`);
  if (start === undefined || end === undefined || start === "" || end === "") parts.push(encode(exact));
  else parts.push(encode(start), encode(end));
  if (after !== "") parts.push(`-${encode(after)}`);
  return `text=${parts.join(",")}`;
}

/** encodeURIComponent takes `,` and `&` along, not the dash, which has a meaning of its own here. */
const encode = (text: string): string =>
  encodeURIComponent(text.replace(/\s+/g, " ").trim().toWellFormed()).replaceAll("-", "%2D");

const segmenter = new Intl.Segmenter("en", { granularity: "word" });

const wordsIn = (text: string): Intl.SegmentData[] =>
  [...segmenter.segment(text)].filter(({ isWordLike }) => isWordLike === true);

function firstWords(text: string, count: number): string {
  const last = wordsIn(text).slice(0, count).at(-1);
  return last === undefined ? "" : text.slice(0, last.index + last.segment.length).trim();
}

function lastWords(text: string, count: number): string {
  const first = wordsIn(text).slice(-count)[0];
  return first === undefined ? "" : text.slice(first.index).trim();
}
