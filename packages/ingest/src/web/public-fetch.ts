import { type LookupAddress, type LookupOptions, lookup } from "node:dns";
import http from "node:http";
import https from "node:https";
import { Readable } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { isPrivateAddress } from "./private-address.js";

/** The part of `fetch` that {@link webPages} uses: GET, redirects not followed. */
export type PageFetch = (
  url: string,
  init: { headers: Record<string, string>; redirect: "manual"; signal: AbortSignal },
) => Promise<Response>;

type LookupDone = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

/**
 * A `fetch` that connects to public addresses only. The check is made on the very address that the connection then
 * uses, so that a name cannot resolve to one address for the check and to another for the request.
 */
export const publicFetch: PageFetch = (url, { headers, signal }) =>
  new Promise((resolve, reject) => {
    const transport = url.startsWith("https:") ? https : http;
    const request = transport.get(
      url,
      { headers: { "accept-encoding": "gzip, deflate, br", ...headers }, signal, lookup: publicLookup },
      (response) => {
        const status = response.statusCode ?? 0;
        const found = new Headers();
        for (const [name, value] of Object.entries(response.headers)) {
          for (const one of Array.isArray(value) ? value : [value ?? ""]) found.append(name, one);
        }
        const bodiless = status === 204 || status === 205 || status === 304;
        if (bodiless) response.resume();
        if (status < 200 || status > 599) {
          response.destroy();
          reject(new Error(`the server answered with status ${status}`));
          return;
        }
        const body = bodiless ? null : Readable.toWeb(decoded(response));
        resolve(new Response(body as ReadableStream<Uint8Array> | null, { status, headers: found }));
      },
    );
    request.on("error", reject);
  });

function decoded(response: http.IncomingMessage): Readable {
  const encoding = response.headers["content-encoding"]?.toLowerCase();
  const decoder =
    encoding === "gzip" || encoding === "x-gzip"
      ? createGunzip()
      : encoding === "deflate"
        ? createInflate()
        : encoding === "br"
          ? createBrotliDecompress()
          : undefined;
  if (decoder === undefined) return response;
  response.on("error", (error) => decoder.destroy(error));
  decoder.on("close", () => response.destroy());
  return response.pipe(decoder);
}

function publicLookup(host: string, options: LookupOptions, done: LookupDone): void {
  lookup(host, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return done(error, "");
    const closed = addresses.find(({ address }) => isPrivateAddress(address));
    if (closed !== undefined) return done(new Error(`${host} leads to the private address ${closed.address}`), "");
    if (options.all === true) return done(null, addresses);
    const first = addresses[0];
    if (first === undefined) return done(new Error(`${host} has no address`), "");
    done(null, first.address, first.family);
  });
}
