import {
  checkKeys,
  invalidOption,
  type Metadata,
  nonNegative,
  positiveInteger,
  type Reader,
  type ReadResult,
  type SourceInput,
} from "@clew/core";
import { contentHash } from "@clew/core/text";
import { defaultReaders } from "../default-readers.js";
import { failedSource } from "../failed-source.js";
import { hashBytes } from "../hash-bytes.js";
import { readerByMediaType, readerByName } from "../pick-reader.js";
import { sniffMediaType } from "../sniff-media-type.js";
import { unreadableSource } from "../unreadable-source.js";
import { type FetchedPage, fetchPage, PageError } from "./fetch-page.js";
import { type PageFetch, publicFetch } from "./public-fetch.js";

/** Options of {@link webPages}. */
export interface WebPagesOptions {
  /** Tried in order by media type. @default defaultReaders() */
  readonly readers?: readonly Reader[] | undefined;
  /** Sent with every request; credentials only to the server of the address itself. @default none but `accept` and `user-agent` */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Larger pages are refused; in bytes after decompression. @default 52428800 (50 MiB) */
  readonly maxBytes?: number | undefined;
  /** For one page, redirects included, in milliseconds. @default 30000 */
  readonly timeoutMs?: number | undefined;
  /** @default 5 */
  readonly maxRedirects?: number | undefined;
  /** Permits addresses that lead to this machine or a private network. @default false */
  readonly allowPrivate?: boolean | undefined;
  /**
   * Used in place of the built-in transport, which checks the very address it connects to. With one of your own, names
   * are resolved and checked just before the request.
   */
  readonly fetch?: PageFetch | undefined;
  /** Metadata of a page; part of the version. @default none */
  readonly metadata?: ((url: string) => Metadata) | undefined;
  /** Principals who may see a page; part of the version. @default everybody in the tenant */
  readonly access?: ((url: string) => readonly string[] | undefined) | undefined;
  readonly signal?: AbortSignal | undefined;
}

const known = {
  readers: true,
  headers: true,
  maxBytes: true,
  timeoutMs: true,
  maxRedirects: true,
  allowPrivate: true,
  fetch: true,
  metadata: true,
  access: true,
  signal: true,
} satisfies Readonly<Record<keyof WebPagesOptions, true>>;

/**
 * Web pages as sources, one after another. A source's id is the address as given (without its fragment), its uri the
 * address after redirects, its version the server's ETag or Last-Modified, else a hash of the bytes: a page with such a
 * mark is only read when the mark is new. The reader is chosen by Content-Type, else by the bytes and the name.
 *
 * Only http and https; private and loopback addresses are refused, also after redirects. What fails is yielded as
 * failed, with the reason.
 *
 * @throws ClewError `invalid-option`
 */
export function webPages(
  urls: Iterable<string | URL> | AsyncIterable<string | URL>,
  options: WebPagesOptions = {},
): AsyncIterable<SourceInput> {
  if (typeof urls === "string") throw invalidOption("urls", "a list of addresses, not one text", urls);
  checkKeys("webPages", options, Object.keys(known));
  positiveInteger("maxBytes", options.maxBytes ?? 1);
  positiveInteger("timeoutMs", options.timeoutMs ?? 1);
  nonNegative("maxRedirects", options.maxRedirects ?? 0);
  return { [Symbol.asyncIterator]: () => list(urls, options) };
}

async function* list(
  urls: Iterable<string | URL> | AsyncIterable<string | URL>,
  options: WebPagesOptions,
): AsyncGenerator<SourceInput, void, undefined> {
  const readers = options.readers ?? defaultReaders();
  for await (const given of urls) {
    options.signal?.throwIfAborted();
    const written = String(given);
    if (!URL.canParse(written)) {
      yield failedSource(written, `"${written}" is no web address. Write it in full, with https://.`);
      continue;
    }
    const url = new URL(written);
    url.hash = "";
    const id = url.href;
    try {
      const { input, release } = await inputOf(id, readers, options);
      yield input;
      release();
    } catch (cause) {
      options.signal?.throwIfAborted();
      if (!(cause instanceof PageError)) throw cause;
      yield failedSource(
        id,
        `${id} was not read: ${cause.message}.`,
        cause.status === undefined ? {} : { status: cause.status },
      );
    }
  }
}

async function inputOf(
  id: string,
  readers: readonly Reader[],
  options: WebPagesOptions,
): Promise<{ input: SourceInput; release: () => void }> {
  const { signal } = options;
  const get = (wanted: (headers: Headers) => boolean, readSignal: AbortSignal | undefined): Promise<FetchedPage> =>
    fetchPage(id, {
      fetch: options.fetch ?? (options.allowPrivate === true ? directFetch : publicFetch),
      headers: { accept: "text/html,application/xhtml+xml,*/*;q=0.8", "user-agent": "clew", ...options.headers },
      maxBytes: options.maxBytes ?? 50 * 1024 * 1024,
      maxRedirects: options.maxRedirects ?? 5,
      timeoutMs: options.timeoutMs ?? 30_000,
      allowPrivate: options.allowPrivate ?? false,
      wanted,
      signal: readSignal,
    });
  // a page with a mark of its version, and a type that says which reader, need not be loaded to be compared
  const page = await get(
    (headers) => needsBytes(headers) || (markOf(headers) === undefined && readerOf(headers, readers) !== undefined),
    signal,
  );
  const metadata = options.metadata?.(id) ?? {};
  const access = options.access?.(id);
  const said =
    Object.keys(metadata).length === 0 && access === undefined
      ? ""
      : `:${contentHash(JSON.stringify([metadata, access]))}`;
  let held: FetchedPage | undefined = page.bytes === undefined ? undefined : page;
  const reader = choose(page, readers);
  const version = (await versionOf(page, reader, signal)) + said;

  const read = async (readOptions: { readonly signal?: AbortSignal | undefined }): Promise<ReadResult> => {
    try {
      const fresh = held ?? (await get(() => true, readOptions.signal));
      const own = choose(fresh, readers);
      const bytes = fresh.bytes ?? new Uint8Array();
      return await own.read(
        {
          id,
          bytes: inUtf8(bytes, fresh.headers),
          name: nameOf(fresh.url),
          mediaType: typeOf(fresh.headers) ?? sniffMediaType(bytes).mediaType,
          uri: fresh.url,
          version: fresh === held ? version : (await versionOf(fresh, own, readOptions.signal)) + said,
          metadata,
          ...(access === undefined ? {} : { access }),
        },
        readOptions,
      );
    } catch (cause) {
      readOptions.signal?.throwIfAborted();
      if (!(cause instanceof PageError)) throw cause;
      throw unreadableSource({ name: id, because: cause.message, remedy: "Try again later, or leave it out.", cause });
    }
  };
  return {
    input: { id, version, read },
    release: () => {
      held = undefined;
    },
  };
}

async function versionOf(
  { headers, bytes }: FetchedPage,
  reader: Reader,
  signal: AbortSignal | undefined,
): Promise<string> {
  return `${reader.id}:${markOf(headers) ?? (await hashBytes(bytes ?? new Uint8Array(), signal))}`;
}

function markOf(headers: Headers): string | undefined {
  return headers.get("etag") ?? headers.get("last-modified") ?? undefined;
}

/** The declared type in lower case, without parameters; undefined where it says nothing. */
function typeOf(headers: Headers): string | undefined {
  const type = headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  return type === undefined || type === "" || type === "application/octet-stream" ? undefined : type;
}

/** Whether the type alone does not say which reader: servers send Markdown, CSV and the like as `text/plain`. */
function needsBytes(headers: Headers): boolean {
  const type = typeOf(headers);
  return type === undefined || type === "text/plain";
}

function readerOf(headers: Headers, readers: readonly Reader[]): Reader | undefined {
  const type = typeOf(headers);
  return type === undefined || needsBytes(headers) ? undefined : readerByMediaType(readers, type);
}

function choose({ url, headers, bytes }: FetchedPage, readers: readonly Reader[]): Reader {
  const byType = readerOf(headers, readers);
  if (byType !== undefined) return byType;
  const declared = typeOf(headers);
  const sniffed = sniffMediaType(bytes ?? new Uint8Array()).mediaType;
  const found = needsBytes(headers)
    ? (readerByName(readers, nameOf(url)) ?? readerByMediaType(readers, sniffed))
    : undefined;
  if (found === undefined) throw new PageError(`no reader reads ${declared ?? sniffed}`);
  return found;
}

function nameOf(url: string): string {
  const { pathname, hostname } = new URL(url);
  const last = pathname
    .split("/")
    .filter((part) => part !== "")
    .at(-1);
  if (last === undefined) return hostname;
  try {
    return decodeURIComponent(last);
  } catch {
    // percent signs that encode nothing stand for themselves
    return last;
  }
}

/** Bytes of a text whose encoding only the headers know, as UTF-8 with its mark; all others as they are. */
function inUtf8(bytes: Uint8Array, headers: Headers): Uint8Array {
  const label = /charset\s*=\s*"?([\w:.-]+)/i.exec(headers.get("content-type") ?? "")?.[1];
  if (label === undefined || /^utf-?8$/i.test(label)) return bytes;
  try {
    return Buffer.from(`\ufeff${new TextDecoder(label).decode(bytes)}`, "utf8");
  } catch {
    // an unknown label: the reader goes by what the bytes say
    return bytes;
  }
}

const directFetch: PageFetch = (url, init) => globalThis.fetch(url, init);
