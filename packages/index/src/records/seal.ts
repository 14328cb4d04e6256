import { crc32 } from "node:zlib";
import { ClewError } from "@clew/core";

const checksumBytes = 4;

/** A value with its checksum in front, over key and value: a value under another key is noticed too. */
export function seal(key: string, value: Uint8Array): Uint8Array {
  const sealed = Buffer.allocUnsafe(checksumBytes + value.byteLength);
  sealed.writeUInt32LE(crc32(value, crc32(key)), 0);
  sealed.set(value, checksumBytes);
  return sealed;
}

/** {@link seal} of a text's UTF-8 bytes, written in their place. */
export function sealText(key: string, text: string): Uint8Array {
  const sealed = Buffer.allocUnsafe(checksumBytes + Buffer.byteLength(text));
  sealed.write(text, checksumBytes, "utf8");
  sealed.writeUInt32LE(crc32(sealed.subarray(checksumBytes), crc32(key)), 0);
  return sealed;
}

/**
 * The value without its checksum.
 *
 * @throws ClewError `index-damaged` when they do not fit
 */
export function unseal(key: string, sealed: Uint8Array): Uint8Array {
  // no Buffer, whose slice() would share its memory
  const value = new Uint8Array(
    sealed.buffer,
    sealed.byteOffset + checksumBytes,
    Math.max(0, sealed.byteLength - checksumBytes),
  );
  const view = new DataView(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  if (sealed.byteLength < checksumBytes || view.getUint32(0, true) !== crc32(value, crc32(key))) {
    throw new ClewError(
      "index-damaged",
      `The index is damaged: the checksum of record ${key} is wrong. Delete its directory and sync again, or put back a copy of it.`,
    );
  }
  return value;
}
