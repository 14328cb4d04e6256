import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  ClewError,
  type FeedbackChain,
  parseTrace,
  type Scope,
  scopeKey,
  type Trace,
  type TraceText,
} from "@clew/core";
import { contentHash } from "@clew/core/text";
import { ifThere } from "./storage-failure.js";

/** Texts by key. */
export type Texts = Readonly<Record<string, TraceText>>;

/** Name of something whose own name may be anything: no path leads out of a hash. As JSON, which keeps lone surrogates apart. */
export const nameOf = (value: string): string => contentHash(JSON.stringify(value));

/** Folder of all that a tenant's people asked. */
export const tenantFolder = (dir: string, { tenant }: Scope): string => join(dir, nameOf(tenant));

/** Folder of what one scope asked. */
export const scopeFolder = (dir: string, scope: Scope): string =>
  join(tenantFolder(dir, scope), nameOf(scopeKey(scope)));

/** Ending of chains. */
export const chainEnd = ".jsonl";
export const chainPath = (folder: string, run: string): string => join(folder, `${nameOf(run)}${chainEnd}`);
/** Texts are named by the root too: two that write at once never mix theirs. */
export const textsPath = (chain: string, root: string): string =>
  `${chain.slice(0, -chainEnd.length)}.${root.slice(0, 16)}.texts.json`;
/** One file for each time that something was said: it is new, or the next number is taken. */
export const feedbackPath = (chain: string, seq: number): string =>
  `${chain.slice(0, -chainEnd.length)}.feedback-${String(seq).padStart(6, "0")}.json`;

/** Bytes as text, held to the byte: nothing is replaced or left out. */
export function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new ClewError("trace-damaged", "A file of the record is not valid UTF-8.", { cause });
  }
}

/** What a file holds as JSON, if it is exactly that: other white space or order of keys is damage. */
export function exactJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // the error would quote the text
  }
  if (typeof value !== "object" || value === null || `${JSON.stringify(value)}\n` !== text) {
    throw new ClewError("trace-damaged", "A file of the record is not exactly the JSON that was written.");
  }
  return value;
}

export const jsonFile = (value: object): string => `${JSON.stringify(value)}\n`;

/** Texts beside a chain; none where they were all erased. */
export async function readTexts(path: string): Promise<Texts> {
  const bytes = await ifThere(readFile(path));
  if (bytes === undefined) return {};
  const read = (from: Uint8Array): Texts => exactJson(decoded(from)) as Texts;
  try {
    return read(bytes);
  } catch {
    // it may just have been overwritten, because a source in it was erased: its successor is in its place
    return read((await ifThere(readFile(path))) ?? Buffer.from("{}\n"));
  }
}

/** The trace whose chain lies here; undefined where none does. */
export async function readTrace(chain: string): Promise<Trace | undefined> {
  const bytes = await ifThere(readFile(chain));
  if (bytes === undefined) return undefined;
  const bare = parseTrace(decoded(bytes), {});
  return { ...bare, texts: await readTexts(textsPath(chain, bare.lines.at(-1)!.hash)) };
}

/** What was said of the answer of a chain. */
export async function readFeedbackFiles(chain: string): Promise<FeedbackChain> {
  const lines: FeedbackChain["lines"][number][] = [];
  let texts: Texts = {};
  for (let seq = 0; ; seq++) {
    const path = feedbackPath(chain, seq);
    let bytes = await ifThere(readFile(path));
    if (bytes === undefined) return { lines, texts };
    let said: unknown;
    try {
      said = exactJson(decoded(bytes));
    } catch {
      bytes = await readFile(path);
      said = exactJson(decoded(bytes));
    }
    const { line, texts: own } = said as { line: FeedbackChain["lines"][number]; texts: Texts };
    lines.push(line);
    texts = { ...texts, ...own };
  }
}

/** Names in a folder, in order; none where there is no such folder. */
export const namesIn = async (folder: string): Promise<string[]> => ((await ifThere(readdir(folder))) ?? []).sort();
