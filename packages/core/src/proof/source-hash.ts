import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

const chunk = 1 << 20;

/**
 * The hash of the bytes that a source's version holds, as `files` and `webPages` write it (`reader:hash`, and behind it perhaps a
 * hash of what the caller said of the source); undefined for a version made of anything else, such as a row's or an ETag.
 */
export function bytesHashOf(version: string): string | undefined {
  // a reader's id is a name with @ and a number, then perhaps its options: a word, or a JSON list
  return /^(?!rows@|documents@)[\w.-]+@\d+(?:\?(?:[\w-]+|.*?\]))?:([0-9a-f]{32})(?::[0-9a-f]{32})?$/s.exec(
    version,
  )?.[1];
}

/** First 128 bits of the SHA-256 of the bytes, as 32 hexadecimal digits; other work runs after each MiB. */
export async function hashOfBytes(bytes: Uint8Array, signal?: AbortSignal): Promise<string> {
  const hash = sha256.create();
  for (let start = 0; start < bytes.length; start += chunk) {
    if (start > 0) await new Promise((resolve) => setTimeout(resolve, 0));
    signal?.throwIfAborted();
    hash.update(bytes.subarray(start, start + chunk));
  }
  return bytesToHex(hash.digest().subarray(0, 16));
}

/** The same of a text's UTF-8 bytes. */
export const hashOfText = (text: string, signal?: AbortSignal): Promise<string> =>
  hashOfBytes(new TextEncoder().encode(text), signal);
