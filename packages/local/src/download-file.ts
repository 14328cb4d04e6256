import { createHash } from "node:crypto";
import { type FileHandle, open, readFile, rename, rm } from "node:fs/promises";
import { ClewError, systemRuntime } from "@clew/core";
import type { DownloadProgress, ModelFailure } from "./model-location.js";

/** Options of {@link downloadFile}. */
export interface DownloadFileOptions {
  url: URL;
  /** Where the file is put once it is whole; its folder exists. */
  path: string;
  /** Model and file, for errors. */
  name: string;
  /** Name of the file, for progress. */
  file: string;
  token?: string | undefined;
  failure: ModelFailure;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

/**
 * Downloads one file under a name of its own, checks length and hash where the hub tells them and JSON by reading it,
 * and only then gives it its name.
 *
 * @throws ClewError `not-found`, `service-refused`, `storage-failed`, or `failure` when the connection or the file is broken
 */
export async function downloadFile(options: DownloadFileOptions): Promise<void> {
  const { path, name, failure, signal } = options;
  const partial = `${path}.${systemRuntime.id()}.partial`;
  try {
    const { response, length, sha256 } = await request(options);
    const got = await save(response, length, partial, options);
    const wrong =
      length !== undefined && got.bytes !== length
        ? `${got.bytes} of ${length} bytes arrived`
        : sha256 !== undefined && got.sha256 !== sha256
          ? `its SHA-256 is ${got.sha256}, not ${sha256}`
          : got.bytes === 0
            ? "it is empty"
            : undefined;
    if (wrong !== undefined) throw broken(options, wrong);
    if (path.endsWith(".json")) await checkJson(partial, options);
    await stored(name, () => rename(partial, path));
  } catch (cause) {
    await rm(partial, { force: true });
    signal?.throwIfAborted();
    if (ClewError.isInstance(cause)) throw cause;
    throw new ClewError(failure, message(options, reason(cause)), { cause });
  }
}

/** What is known of a file before its bytes arrive. */
interface Announced {
  readonly response: Response;
  readonly length: number | undefined;
  readonly sha256: string | undefined;
}

/** Follows redirects by itself: hubs tell length and hash of large files on the way, and the token stays with the hub. */
async function request({ url, token, name, failure, signal }: DownloadFileOptions): Promise<Announced> {
  let at = url;
  let linkedSize: number | undefined;
  let sha256: string | undefined;
  for (let hop = 0; hop < 6; hop += 1) {
    const headers = new Headers({ "accept-encoding": "identity" });
    if (token !== undefined && at.origin === url.origin) headers.set("authorization", `Bearer ${token}`);
    const response = await fetch(at, { headers, redirect: "manual", signal: signal ?? null });
    linkedSize ??= wholeNumber(response.headers.get("x-linked-size"));
    sha256 ??= /^"?([0-9a-f]{64})"?$/.exec(response.headers.get("x-linked-etag") ?? "")?.[1];
    const location = response.headers.get("location");
    if (response.status >= 300 && response.status < 400 && location !== null) {
      await response.body?.cancel();
      at = new URL(location, at);
      continue;
    }
    if (response.ok) {
      const encoded = response.headers.get("content-encoding") !== null;
      const length = linkedSize ?? (encoded ? undefined : wholeNumber(response.headers.get("content-length")));
      return { response, length, sha256 };
    }
    await response.body?.cancel();
    throw refused(response.status, url, name, failure);
  }
  throw new ClewError(failure, `${url.origin} redirects the download of ${name} in a circle. Check "remoteHost".`);
}

const wholeNumber = (text: string | null): number | undefined =>
  text !== null && /^\d+$/.test(text) ? Number(text) : undefined;

function refused(status: number, url: URL, name: string, failure: ModelFailure): ClewError {
  if (status === 404) {
    const advice =
      'Check "model", "revision" and "dtype": the hub has another name for it, or no ONNX file of that precision.';
    return new ClewError("not-found", `${url.href} does not exist (404). ${advice}`);
  }
  if (status === 401 || status === 403) {
    const advice = 'The model does not exist, or needs a "token" whose owner has accepted its terms.';
    return new ClewError("service-refused", `${url.origin} refused ${name} (${status}). ${advice}`);
  }
  return new ClewError(
    failure,
    `${url.origin} could not serve ${name} (${status}). Try again later, or set "remoteHost".`,
  );
}

/** Writes the body to a file that no one takes for whole. */
async function save(
  response: Response,
  total: number | undefined,
  partial: string,
  { name, file, onProgress }: DownloadFileOptions,
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash("sha256");
  let bytes = 0;
  const handle: FileHandle = await stored(name, () => open(partial, "wx"));
  try {
    for await (const piece of response.body ?? []) {
      await stored(name, () => handle.writeFile(piece));
      hash.update(piece);
      bytes += piece.byteLength;
      onProgress?.({ file, bytes, total });
    }
    await stored(name, () => handle.sync());
  } finally {
    await handle.close();
  }
  return { bytes, sha256: hash.digest("hex") };
}

async function stored<T>(name: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (cause) {
    const advice = 'Make room, or set "cacheDir" to a folder that can be written.';
    throw new ClewError("storage-failed", `${name} could not be stored: ${reason(cause)}. ${advice}`, { cause });
  }
}

async function checkJson(partial: string, options: DownloadFileOptions): Promise<void> {
  try {
    JSON.parse(await readFile(partial, "utf8"));
  } catch (cause) {
    throw broken(options, "it is no JSON", cause);
  }
}

const broken = (options: DownloadFileOptions, what: string, cause?: unknown): ClewError =>
  new ClewError(options.failure, message(options, what), cause === undefined ? undefined : { cause });

const message = ({ url, name }: DownloadFileOptions, what: string): string =>
  `The download of ${name} from ${url.origin} broke: ${what}. Call again: files that are whole are kept. ` +
  'Without a network, give a "folder" instead.';

/** The innermost message: fetch hides what happened behind "fetch failed". */
function reason(cause: unknown): string {
  let inner = cause;
  while (inner instanceof Error && inner.cause !== undefined) inner = inner.cause;
  if (!(inner instanceof Error)) return String(inner);
  return inner.message === "" && "code" in inner ? String(inner.code) : inner.message;
}
