import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** The first 128 bits of the SHA-256 of a text's UTF-8 bytes, as 32 hexadecimal digits; a lone surrogate counts as U+FFFD. */
export function contentHash(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)).subarray(0, 16));
}
