import { ClewError, type TraceText } from "@clew/core";

/** Texts by key. */
export type Texts = Readonly<Record<string, TraceText>>;

/** Bytes as text, held to the byte: nothing is replaced or left out. */
export function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new ClewError("trace-damaged", "A file of the record is not valid UTF-8.", { cause });
  }
}

/** What a text is as JSON; undefined where it is none. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // the error would quote the text
    return undefined;
  }
}

/** What a file holds as JSON, if it is exactly that: other white space or order of keys is damage. */
export function exactJson(text: string): unknown {
  const value = readJson(text);
  if (typeof value !== "object" || value === null || `${JSON.stringify(value)}\n` !== text) {
    throw new ClewError("trace-damaged", "A file of the record is not exactly the JSON that was written.");
  }
  return value;
}

export const jsonFile = (value: object): string => `${JSON.stringify(value)}\n`;
