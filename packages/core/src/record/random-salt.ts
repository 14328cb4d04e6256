import { bytesToHex } from "@noble/hashes/utils.js";

/** 128 bits of the system's generator of keys, as 32 hexadecimal digits. */
export const randomSalt = (): string => bytesToHex(globalThis.crypto.getRandomValues(new Uint8Array(16)));
