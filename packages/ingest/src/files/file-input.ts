import { open, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { ClewError, type Metadata, type Reader, type ReadResult, type SourceInput } from "@clew/core";
import { contentHash } from "@clew/core/text";
import { failedSource } from "../failed-source.js";
import { hashBytes } from "../hash-bytes.js";
import { readerByMediaType, readerByName } from "../pick-reader.js";
import { sniffMediaType } from "../sniff-media-type.js";
import { unreadableSource } from "../unreadable-source.js";
import type { FilesOptions, FoundFile } from "./file-options.js";

const headBytes = 65_536;

/** Options of {@link fileInput}. */
export interface FileInputOptions {
  readonly readers: readonly Reader[];
  readonly version: "content" | "stat";
  readonly maxBytes: number;
  readonly options: FilesOptions;
}

/** A source and a way to let go of its bytes once the next one is asked for; undefined for binary data of no use. */
export async function fileInput(
  file: FoundFile,
  { readers, version, maxBytes, options }: FileInputOptions,
): Promise<{ source: SourceInput; release: () => void } | undefined> {
  const { id } = file;
  const { signal } = options;
  const name = path.basename(file.path);
  const failed = (message: string, detail?: { error: string } | { bytes: number }) => ({
    source: failedSource(id, message, detail),
    release: () => undefined,
  });
  try {
    const byName = readerByName(readers, name);
    const sniffed = byName === undefined ? await sniffHead(file.path) : undefined;
    const reader = byName ?? (sniffed === undefined ? undefined : readerByMediaType(readers, sniffed));
    if (reader === undefined) return undefined;
    if (file.size > maxBytes) {
      const limit = `${megabytes(file.size)} MiB are more than maxBytes allows (${megabytes(maxBytes)} MiB)`;
      return failed(`${id} was not read: ${limit}. Raise maxBytes, or exclude it.`, { bytes: file.size });
    }
    const extra = options.metadata?.(file);
    const access = options.access?.(file);
    const said = extra === undefined && access === undefined ? "" : `:${contentHash(JSON.stringify([extra, access]))}`;
    let held = version === "content" ? await readFile(file.path, signal === undefined ? {} : { signal }) : undefined;
    const mark = held === undefined ? `${file.size}-${file.modified}` : await hashBytes(held, signal);
    const metadata: Metadata = {
      path: id,
      folder: path.posix.dirname(id) === "." ? "" : path.posix.dirname(id),
      modified: new Date(file.modified).toISOString(),
      ...extra,
    };
    const listed = `${reader.id}:${mark}${said}`;
    const read = async (readOptions: { readonly signal?: AbortSignal | undefined }): Promise<ReadResult> => {
      const again = held === undefined;
      const bytes = held ?? (await readAgain(file.path, id, maxBytes, readOptions.signal));
      // it may have changed since it was listed: the text carries the version of its own bytes
      const ownMark = again && version === "content" ? await hashBytes(bytes, readOptions.signal) : mark;
      return reader.read(
        {
          id,
          bytes,
          name,
          mediaType: sniffed ?? reader.mediaTypes[0] ?? "application/octet-stream",
          uri: pathToFileURL(file.path).href,
          version: again ? `${reader.id}:${ownMark}${said}` : listed,
          metadata,
          ...(access === undefined ? {} : { access }),
        },
        readOptions,
      );
    };
    return {
      source: { id, version: listed, read },
      release: () => {
        held = undefined;
      },
    };
  } catch (cause) {
    signal?.throwIfAborted();
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === undefined || ClewError.isInstance(cause)) throw cause; // a mistake in a callback is the caller's
    return failed(`${id} cannot be opened (${code}). Allow reading it, or exclude it.`, { error: code });
  }
}

async function readAgain(file: string, id: string, maxBytes: number, signal: AbortSignal | undefined): Promise<Buffer> {
  try {
    const { size } = await stat(file);
    if (size > maxBytes) {
      const because = `it has grown to ${megabytes(size)} MiB, more than maxBytes allows`;
      throw unreadableSource({ name: id, because, remedy: "Raise maxBytes, or exclude it." });
    }
    return await readFile(file, signal === undefined ? {} : { signal });
  } catch (cause) {
    signal?.throwIfAborted();
    if (ClewError.isInstance(cause)) throw cause;
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw unreadableSource({
      name: id,
      because: `it cannot be opened (${code})`,
      remedy: "Allow reading it, or exclude it.",
      cause,
    });
  }
}

/** Media type by the first 64 KiB; undefined for an empty file. */
async function sniffHead(file: string): Promise<string | undefined> {
  const handle = await open(file);
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return bytesRead === 0 ? undefined : sniffMediaType(buffer.subarray(0, bytesRead)).mediaType;
  } finally {
    await handle.close();
  }
}

const megabytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1);
