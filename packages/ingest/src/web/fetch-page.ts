import { privateAddressOf } from "./private-address.js";
import type { PageFetch } from "./public-fetch.js";

/** Options of {@link fetchPage}. */
export interface FetchPageOptions {
  readonly fetch: PageFetch;
  readonly headers: Readonly<Record<string, string>>;
  readonly maxBytes: number;
  readonly maxRedirects: number;
  readonly timeoutMs: number;
  readonly allowPrivate: boolean;
  /** Whether the body is wanted, once the headers are known. */
  readonly wanted: (headers: Headers) => boolean;
  readonly signal?: AbortSignal | undefined;
}

/** A page, or its headers alone. */
export interface FetchedPage {
  /** After redirects. */
  readonly url: string;
  readonly headers: Headers;
  /** Undefined when the body was not wanted. */
  readonly bytes: Uint8Array | undefined;
}

/** Why a page could not be had; `message` is a clause for people. */
export class PageError extends Error {
  override readonly name = "PageError";

  constructor(
    message: string,
    readonly status?: number | undefined,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * Gets one page within its limits; every redirect is checked like the first address.
 *
 * @throws PageError for everything that the server or network does, the signal's reason when it is aborted
 */
export async function fetchPage(address: string, options: FetchPageOptions): Promise<FetchedPage> {
  const { timeoutMs, signal } = options;
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new PageError(`it took longer than ${timeoutMs} ms`)), timeoutMs);
  const linked = signal === undefined ? limit.signal : AbortSignal.any([signal, limit.signal]);
  try {
    return await follow(address, options, linked);
  } catch (cause) {
    signal?.throwIfAborted();
    if (limit.signal.aborted) throw limit.signal.reason;
    if (cause instanceof PageError) throw cause;
    throw new PageError(`it cannot be reached (${deepest(cause)})`, undefined, { cause });
  } finally {
    clearTimeout(timer);
    limit.abort(); // lets go of a connection whose body nobody wants
  }
}

async function follow(address: string, options: FetchPageOptions, signal: AbortSignal): Promise<FetchedPage> {
  const { fetch, headers, maxRedirects, allowPrivate, wanted } = options;
  let url = new URL(address);
  for (let redirects = 0; ; redirects++) {
    if (url.protocol !== "http:" && url.protocol !== "https:") {
      throw new PageError(`${url.protocol} is not http: or https:`);
    }
    if (!allowPrivate) {
      const closed = await privateAddressOf(url.hostname);
      signal.throwIfAborted();
      if (closed !== undefined) {
        throw new PageError(`${url.hostname} leads to the private address ${closed}; allowPrivate would permit it`);
      }
    }
    // what was meant for one server is not shown to another
    const own = redirects === 0 || url.origin === new URL(address).origin ? headers : withoutCredentials(headers);
    const response = await fetch(url.href, { headers: { ...own }, redirect: "manual", signal });
    const location = response.headers.get("location");
    if (response.status >= 300 && response.status < 400 && response.status !== 304 && location !== null) {
      await response.body?.cancel();
      if (redirects >= maxRedirects) throw new PageError(`it redirects more than ${maxRedirects} times`);
      if (!URL.canParse(location, url.href)) throw new PageError(`it redirects to "${location}", which is no address`);
      url = new URL(location, url);
      continue;
    }
    if (!response.ok) {
      await response.body?.cancel();
      throw new PageError(`the server answered with status ${response.status}`, response.status);
    }
    if (!wanted(response.headers)) {
      await response.body?.cancel();
      return { url: url.href, headers: response.headers, bytes: undefined };
    }
    return { url: url.href, headers: response.headers, bytes: await bodyOf(response, options, signal) };
  }
}

async function bodyOf(response: Response, { maxBytes }: FetchPageOptions, signal: AbortSignal): Promise<Uint8Array> {
  const declared = Number(response.headers.get("content-length") ?? 0);
  const tooLarge = (): PageError => new PageError(`it is larger than ${maxBytes} bytes; maxBytes would permit it`);
  if (declared > maxBytes) {
    await response.body?.cancel();
    throw tooLarge();
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  const abort = (): void => void reader?.cancel(signal.reason).catch(() => undefined); // the read below rejects or ends
  signal.addEventListener("abort", abort, { once: true });
  try {
    for (let part = await reader?.read(); part !== undefined && !part.done; part = await reader?.read()) {
      signal.throwIfAborted();
      length += part.value.length;
      if (length > maxBytes) {
        await reader?.cancel();
        throw tooLarge();
      }
      chunks.push(part.value);
    }
    signal.throwIfAborted();
  } finally {
    signal.removeEventListener("abort", abort);
  }
  return Buffer.concat(chunks, length);
}

const credentials = new Set(["authorization", "cookie", "proxy-authorization", "x-api-key"]);

function withoutCredentials(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !credentials.has(name.toLowerCase())));
}

function deepest(error: unknown): string {
  const inner = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (!(inner instanceof Error)) return String(inner);
  const { code } = inner as NodeJS.ErrnoException;
  return code === undefined || inner.message.includes(code)
    ? inner.message || (code ?? inner.name)
    : `${code}: ${inner.message}`;
}
