import { positiveInteger } from "../errors/check-number.js";
import { ClewError } from "../errors/clew-error.js";
import { type Note, note } from "../run/note.js";
import { noUsage } from "../run/usage.js";
import type { Embedded, Embedder, EmbedOptions } from "../search/embedder.js";
import { sleep } from "../search/sleep.js";

/** A way in which an embedder goes wrong. */
export type EmbedderFault =
  /** Fails once this many more texts have been embedded. */
  | { readonly kind: "fails"; readonly afterTexts: number }
  /** Returns vectors of one dimension more than promised. */
  | { readonly kind: "dimensions" }
  /** Returns NaN in the first vector. */
  | { readonly kind: "nan" }
  /** Returns one vector too few. */
  | { readonly kind: "missing" }
  /** Takes this many milliseconds a call, and stops when the signal says so. */
  | { readonly kind: "slow"; readonly ms: number };

/** An embedder that can be watched and broken. */
export interface HashEmbedder extends Embedder {
  /** Calls so far, of documents and queries together. */
  readonly calls: number;
  /** Every text embedded as a document so far, in order. */
  readonly texts: readonly string[];
  /** Every text embedded as a query so far, in order. */
  readonly queries: readonly string[];
  /** Forgets what it counted. */
  reset(): void;
  /** Goes wrong from now on; undefined mends it. */
  breakWith(fault: EmbedderFault | undefined): void;
}

/** Options of {@link hashEmbedder}. */
export interface HashEmbedderOptions {
  /** Length of a vector. @default 64 */
  dimensions?: number | undefined;
  /** Model string in the fingerprint. @default `hash-<dimensions>` */
  id?: string | undefined;
  /** Put before queries and documents. @default none */
  prefixes?: { readonly query?: string | undefined; readonly document?: string | undefined } | undefined;
  /** Words after which a text is cut, with a note. @default 512 */
  maxTokens?: number | undefined;
  /** US dollars for a million tokens, as of a remote service; then `usage` counts calls, tokens and money. @default local */
  usdPerMillionTokens?: number | undefined;
}

/**
 * A deterministic embedder for tests: a bag of words, each hashed to a signed dimension, L2-normalised. Texts that share
 * words are close; a text without words is the first unit vector. One token is one word.
 *
 * @see Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", ICML 2009
 */
export function hashEmbedder({
  dimensions = 64,
  id = `hash-${dimensions}`,
  prefixes: { query: queryPrefix = "", document: documentPrefix = "" } = {},
  maxTokens = 512,
  usdPerMillionTokens,
}: HashEmbedderOptions = {}): HashEmbedder {
  positiveInteger("dimensions", dimensions);
  positiveInteger("maxTokens", maxTokens);
  let calls = 0;
  let texts: string[] = [];
  let queries: string[] = [];
  let fault: EmbedderFault | undefined;
  let left = Number.POSITIVE_INFINITY;
  let closed = false;

  const embed = async (given: readonly string[], prefix: string, options: EmbedOptions): Promise<Embedded> => {
    if (closed) throw new ClewError("closed", "The embedder was closed; make a new one.");
    const signal = options.signal ?? options.call?.signal;
    signal?.throwIfAborted();
    calls++;
    if (fault?.kind === "slow") await sleep(fault.ms, signal);
    if (given.length > left) {
      left = 0;
      throw new ClewError("embedder-failed", "The embedder failed, as the test told it to.");
    }
    left -= given.length;
    const notes: Note[] = [];
    let tokens = 0;
    const vectors = given.map((text) => {
      const all = wordsOf(prefix + text);
      if (all.length > maxTokens) {
        notes.push(note("cut", `A text of ${all.length} tokens was cut to ${maxTokens}.`, { tokens: all.length }));
      }
      tokens += Math.min(all.length, maxTokens);
      return hashed(all.slice(0, maxTokens), fault?.kind === "dimensions" ? dimensions + 1 : dimensions);
    });
    if (fault?.kind === "nan") vectors[0]?.fill(Number.NaN);
    if (fault?.kind === "missing") vectors.pop();
    options.onProgress?.(given.length);
    if (usdPerMillionTokens === undefined) return { vectors, usage: noUsage, notes };
    const usd = (tokens * usdPerMillionTokens) / 1e6;
    return { vectors, usage: { inputTokens: tokens, outputTokens: 0, calls: 1, usd }, notes };
  };

  return {
    fingerprint: {
      id,
      dimensions,
      pooling: "mean",
      normalised: true,
      queryPrefix,
      documentPrefix,
      maxTokens,
    },
    usdPerMillionTokens,
    tokenCounter: async () => (text) => wordsOf(text).length,
    embedDocuments: async (given, options = {}) => {
      const embedded = await embed(given, documentPrefix, options);
      texts.push(...given);
      return embedded;
    },
    embedQuery: async (text, options = {}) => {
      const embedded = await embed([text], queryPrefix, options);
      queries.push(text);
      return embedded;
    },
    close: async () => {
      closed = true;
    },
    get calls() {
      return calls;
    },
    get texts() {
      return texts;
    },
    get queries() {
      return queries;
    },
    reset: () => {
      calls = 0;
      texts = [];
      queries = [];
    },
    breakWith: (wanted) => {
      fault = wanted;
      left = wanted?.kind === "fails" ? wanted.afterTexts : Number.POSITIVE_INFINITY;
    },
  };
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

function hashed(words: readonly string[], dimensions: number): Float32Array {
  const sums = new Float64Array(dimensions);
  for (const word of words) {
    const hash = fnv1a(word);
    sums[hash % dimensions]! += hash >>> 31 === 0 ? 1 : -1;
  }
  const length = Math.sqrt(sums.reduce((sum, value) => sum + value * value, 0));
  if (length === 0) return Float32Array.from({ length: dimensions }, (_, index) => (index === 0 ? 1 : 0));
  return Float32Array.from(sums, (value) => value / length);
}

/** @see Fowler, Noll and Vo, FNV-1a with 32 bits */
function fnv1a(word: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < word.length; index++) {
    hash = Math.imul(hash ^ word.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
