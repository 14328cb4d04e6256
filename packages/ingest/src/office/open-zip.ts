import { promisify } from "node:util";
import { crc32, inflateRaw } from "node:zlib";
import { nonNegative, positiveInteger } from "@clew/core";
import { zipSync } from "fflate";
import { sniffMediaType } from "../sniff-media-type.js";
import { unreadableSource } from "../unreadable-source.js";
import { type ZipEntry, zipDirectory } from "./zip-directory.js";

/** How large an archive may be. What is beyond a limit is refused before anything of it is inflated. */
export interface ZipLimits {
  /** Files in the archive. @default 10000 */
  readonly maxEntries?: number | undefined;
  /** Bytes of all its files together, uncompressed. @default 536870912 (512 MiB) */
  readonly maxBytes?: number | undefined;
  /** Uncompressed by compressed size, of a file and of the whole, above 16 MiB. @default 200 */
  readonly maxRatio?: number | undefined;
}

/** Options of {@link openZip}. */
export interface OpenZipOptions {
  readonly bytes: Uint8Array;
  /** File name, for messages. */
  readonly name: string;
  /** What the file has to be: its media type, and a noun phrase such as "a Word document (.docx)". */
  readonly expected: { readonly mediaType: string; readonly description: string };
  readonly limits?: ZipLimits | undefined;
}

/** An archive in memory. Nothing is ever written to disk, so that the names in it are only names. */
export interface ZipArchive {
  /** Paths of its files, in the order of its directory. */
  readonly names: readonly string[];
  /**
   * Inflates one file, on a thread of its own, and checks its size and checksum.
   *
   * @returns undefined when there is no such file
   * @throws ClewError `unreadable-source` when it is damaged or larger than it says
   */
  bytes(name: string): Promise<Uint8Array | undefined>;
  /** The same as UTF-8 or UTF-16 text, by its byte order mark. */
  text(name: string): Promise<string | undefined>;
  /**
   * Makes a new archive of the files chosen, each inflated and checked here: a library that inflates for itself gets
   * this one and never sees the original.
   */
  repack(keep: (name: string) => boolean, signal?: AbortSignal | undefined): Promise<Uint8Array>;
}

const inflate = promisify<Uint8Array, { maxOutputLength: number }, Uint8Array>(inflateRaw);
const floor = 16 << 20;

/**
 * Opens a zipped document after checking what it is and that it is no bomb: the limits are held against its directory
 * at once, and against what comes out when a file is inflated.
 *
 * @throws ClewError `unreadable-source` for another kind of file, a password, damage, or more than the limits allow
 */
export function openZip({ bytes, name, expected, limits = {} }: OpenZipOptions): ZipArchive {
  const maxEntries = positiveInteger("maxEntries", limits.maxEntries ?? 10_000);
  const maxBytes = positiveInteger("maxBytes", limits.maxBytes ?? 512 << 20);
  const maxRatio = nonNegative("maxRatio", limits.maxRatio ?? 200);
  const refuse = (because: string, remedy: string, cause?: unknown): Error =>
    unreadableSource({ name, because, remedy, cause });
  const again = "Download or save it again.";

  const looks = sniffMediaType(bytes);
  const directory = zipDirectory(bytes, { maxEntries: maxEntries + 1 });
  if (directory === undefined && looks.mediaType === "application/zip") {
    throw refuse(`it is damaged or incomplete: ${expected.description} that lacks its directory`, again);
  }
  if (directory !== undefined && directory.length > maxEntries) {
    throw refuse(`it holds more than ${maxEntries} files`, "If you trust it, raise limits.maxEntries.");
  }
  if (looks.mediaType !== expected.mediaType) {
    const remedy =
      looks.mediaType === "application/x-ole-storage"
        ? "Open it in an office program, remove the password, and save it in today's format."
        : "Give it the name ending of what it is, or replace it with the right file.";
    throw refuse(`it is ${looks.description}, not ${expected.description}`, remedy);
  }
  const entries = new Map<string, ZipEntry>();
  let total = 0;
  for (const entry of directory ?? []) {
    entries.set(entry.name, entry);
    total += entry.size;
    const tooDense = entry.size > floor && entry.size > entry.compressedSize * maxRatio;
    if (tooDense) {
      throw refuse(
        `${entry.name} in it is compressed more than ${maxRatio} times, as in a zip bomb`,
        trusted("maxRatio"),
      );
    }
  }
  if (total > maxBytes)
    throw refuse(`it would take ${total} bytes when inflated, more than ${maxBytes}`, trusted("maxBytes"));
  if (total > floor && total > bytes.length * maxRatio) {
    throw refuse(`it is compressed more than ${maxRatio} times, as in a zip bomb`, trusted("maxRatio"));
  }

  async function read(entryName: string): Promise<Uint8Array | undefined> {
    const entry = entries.get(entryName);
    if (entry === undefined) return undefined;
    if (entry.encrypted) throw refuse("it is encrypted with a password", "Save a copy without the password.");
    const raw = content(bytes, entry);
    if (raw === undefined) throw refuse(`${entryName} in it is cut off`, again);
    if (entry.method !== 0 && entry.method !== 8) {
      throw refuse(`${entryName} in it is compressed by method ${entry.method}, which no office program uses`, again);
    }
    let data = raw;
    if (entry.method === 8) {
      try {
        // stops at the size that the directory promises, which the limits have passed
        data = await inflate(raw, { maxOutputLength: Math.max(1, entry.size) });
      } catch (cause) {
        const lies = cause instanceof RangeError;
        throw lies
          ? refuse(`${entryName} in it is larger than it says, as in a zip bomb`, "Do not trust this file.", cause)
          : refuse(`${entryName} in it is damaged`, again, cause);
      }
    }
    if (data.length !== entry.size || crc32(data) !== entry.crc32) throw refuse(`${entryName} in it is damaged`, again);
    return data;
  }

  return {
    names: [...entries.keys()],
    bytes: read,
    async text(entryName) {
      const data = await read(entryName);
      if (data === undefined) return undefined;
      const wide =
        data[0] === 0xff && data[1] === 0xfe ? "utf-16le" : data[0] === 0xfe && data[1] === 0xff ? "utf-16be" : "utf-8";
      return new TextDecoder(wide).decode(data);
    },
    async repack(keep, signal) {
      const files: Record<string, Uint8Array> = Object.create(null);
      for (const entryName of entries.keys()) {
        signal?.throwIfAborted();
        if (keep(entryName)) files[entryName] = (await read(entryName))!;
      }
      return zipSync(files, { level: 0 });
    },
  };
}

const trusted = (limit: keyof ZipLimits): string => `If you trust it, raise limits.${limit}.`;

// the bytes of an entry, behind its local header
function content(bytes: Uint8Array, entry: ZipEntry): Uint8Array | undefined {
  if (entry.offset + 30 > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + entry.offset, 30);
  if (view.getUint32(0, true) !== 0x04034b50) return undefined;
  const start = entry.offset + 30 + view.getUint16(26, true) + view.getUint16(28, true);
  const end = start + entry.compressedSize;
  return end > bytes.length ? undefined : bytes.subarray(start, end);
}
