import { ClewError } from "../errors/clew-error.js";

/** Options of {@link fetchWithin}. */
export interface FetchWithinOptions {
  readonly fetch: typeof fetch;
  /** Name of the service, for messages. */
  readonly service: string;
  readonly init: Omit<RequestInit, "redirect">;
}

const mostRedirects = 5;

/**
 * Fetches like `fetch`, and follows redirects within the service alone: those that stay at its origin, or go from http to https
 * of the same host. What was meant for one server is shown to no other, neither a body nor a key.
 *
 * @throws what `fetch` rejects with; ClewError `service-refused`, with `status`, for a redirect that leads elsewhere
 */
export async function fetchWithin(url: string, { fetch, service, init }: FetchWithinOptions): Promise<Response> {
  let at = url;
  let request: RequestInit = { ...init, redirect: "manual" };
  for (let redirects = 0; ; redirects++) {
    const response = await fetch(at, request);
    const { status, type, headers } = response;
    const location = headers.get("location");
    // browsers do not tell where a redirect leads
    const hidden = type === "opaqueredirect";
    if (!hidden && (!moved.has(status) || location === null)) return response;
    await response.body?.cancel();
    const to = location !== null && URL.canParse(location, at) ? new URL(location, at) : undefined;
    if (to === undefined || !staysWith(new URL(at), to)) {
      const where = to === undefined ? "elsewhere" : `to ${to.host}`;
      throw refused(`${service} redirects ${where}, and what is sent to it goes nowhere else.`, status);
    }
    if (redirects >= mostRedirects) throw refused(`${service} redirects more than ${mostRedirects} times.`, status);
    at = to.href;
    if (status !== 307 && status !== 308) request = withoutBody(request);
  }
}

const moved: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Ports count: another port is another server, but for the usual ones of http and https. */
const staysWith = (from: URL, to: URL): boolean =>
  to.origin === from.origin ||
  (from.protocol === "http:" &&
    to.protocol === "https:" &&
    to.hostname === from.hostname &&
    to.port === "" &&
    from.port === "");

/** @see Fetch Standard, HTTP-redirect fetch */
function withoutBody({ body: _, method = "GET", headers, ...rest }: RequestInit): RequestInit {
  const kept = new Headers(headers);
  for (const name of ["content-type", "content-length", "content-encoding", "content-language", "content-location"]) {
    kept.delete(name);
  }
  return { ...rest, method: method === "HEAD" ? "HEAD" : "GET", headers: kept };
}

const refused = (message: string, status: number): ClewError =>
  Object.assign(
    new ClewError("service-refused", `${message} If it has moved, give its new address as baseURL.`),
    status === 0 ? {} : { status },
  );
