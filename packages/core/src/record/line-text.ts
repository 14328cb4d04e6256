import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { TraceLine, TraceText } from "./trace.js";

/** `prev` of a first line. */
export const noLine: string = "0".repeat(64);

/** SHA-256 of a text's UTF-8 bytes, as 64 hexadecimal digits. */
export const hexHash = (text: string): string => bytesToHex(sha256(utf8ToBytes(text)));

/** What a line's hash is of: its JSON text without `hash`, keys in their one order. */
export const hashedText = ({ seq, at, kind, call, data, prev }: Omit<TraceLine, "hash">): string =>
  JSON.stringify(call === undefined ? { seq, at, kind, data, prev } : { seq, at, kind, call, data, prev });

/** A line as it is stored, without its line break. */
export const lineText = (line: TraceLine): string => `${hashedText(line).slice(0, -1)},"hash":"${line.hash}"}`;

/** A line with its hash. */
export const hashedLine = (line: Omit<TraceLine, "hash">): TraceLine => ({ ...line, hash: hexHash(hashedText(line)) });

/** What refers to a text holds this. As JSON, so that lone surrogates, which have no UTF-8 of their own, stay apart. */
export const textHash = (
  { salt, text, sources, anySource, redacted }: TraceText,
  hashOfList: (list: TraceText["sources"]) => string = listHash,
): string => hexHash(JSON.stringify([salt, text, hashOfList(sources), anySource === true, redacted === true]));

let last = { list: "[]", hash: hexHash("[]") };
/** Texts that stand beside each other mostly have the same list of sources, and it may be longer than they are. */
function listHash(sources: TraceText["sources"]): string {
  const list = JSON.stringify(sources);
  if (list !== last.list) last = { list, hash: hexHash(list) };
  return last.hash;
}

/** Hashes of lists that nobody else holds, and so nobody changes: each is hashed once. */
export function listHashes(): (list: TraceText["sources"]) => string {
  const known = new WeakMap<TraceText["sources"], string>();
  return (list) => {
    const hash = known.get(list) ?? hexHash(JSON.stringify(list));
    known.set(list, hash);
    return hash;
  };
}
