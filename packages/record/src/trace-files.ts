import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type FeedbackChain, parseTrace, type Scope, scopeKey, type Trace } from "@clew/core";
import { contentHash } from "@clew/core/text";
import { decoded, exactJson, type Texts } from "./exact-json.js";
import { packedTexts, unpackedTexts } from "./packed-texts.js";
import { ifThere } from "./storage-failure.js";

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

/** Texts beside a chain; none where they were all erased. */
export async function readTexts(path: string): Promise<Texts> {
  const bytes = await ifThere(readFile(path));
  if (bytes === undefined) return {};
  const read = (from: Uint8Array): Texts => unpackedTexts(decoded(from));
  try {
    return read(bytes);
  } catch {
    // it may just have been overwritten, because a source in it was erased: its successor is in its place
    return read((await ifThere(readFile(path))) ?? Buffer.from(packedTexts({})));
  }
}

/** The chain that lies here, without its texts; undefined where none does. */
export async function readChain(chain: string): Promise<Trace | undefined> {
  const bytes = await ifThere(readFile(chain));
  return bytes === undefined ? undefined : parseTrace(decoded(bytes), {});
}

/** The trace whose chain lies here; undefined where none does. */
export async function readTrace(chain: string): Promise<Trace | undefined> {
  const bare = await readChain(chain);
  if (bare === undefined) return undefined;
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
