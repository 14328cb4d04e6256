import { createHash } from "node:crypto";
import { breathe } from "./event-loop.js";

const chunkBytes = 4 << 20;

/** The first 128 bits of the SHA-256 of the bytes, as 32 hexadecimal digits; hashed in pieces of 4 MiB. */
export async function hashBytes(bytes: Uint8Array, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash("sha256");
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    if (start > 0) await breathe(signal);
    hash.update(bytes.subarray(start, start + chunkBytes));
  }
  return hash.digest("hex").slice(0, 32);
}
