import { ClewError } from "../../errors/clew-error.js";
import type { Call } from "../../run/call.js";
import type { Note } from "../../run/note.js";
import { noUsage, type Usage } from "../../run/usage.js";
import type { Embedder } from "../../search/embedder.js";
import { raceSignal } from "../../search/race-signal.js";

/** Options of {@link vectorsFor}. */
export interface VectorsForOptions {
  texts: readonly string[];
  /** Vectors by the exact string embedded. */
  cache: ReadonlyMap<string, Float32Array>;
  embedder: Embedder | undefined;
  dryRun: boolean;
  signal: AbortSignal | undefined;
  call: Call | undefined;
  onPending: (pending: number) => void;
}

/** The vectors of some texts, and what it took to get them. */
export interface VectorsFor {
  /** One a text; empty without an embedder and in a dry run. */
  readonly vectors: readonly Float32Array[];
  /** The cache with the new vectors in it. */
  readonly cache: ReadonlyMap<string, Float32Array>;
  /** Distinct texts embedded anew, and those that were in the cache. */
  readonly embedded: number;
  readonly cached: number;
  readonly tokens: number;
  readonly usage: Usage;
  readonly notes: readonly Note[];
}

/** Embeds the texts that the cache does not hold, each once. */
export async function vectorsFor(options: VectorsForOptions): Promise<VectorsFor> {
  const { texts, cache, embedder, dryRun, signal, call, onPending } = options;
  const nothing = { vectors: [], cache, embedded: 0, cached: 0, tokens: 0, usage: noUsage, notes: [] };
  if (embedder === undefined) return nothing;
  const distinct = [...new Set(texts)];
  const fresh = distinct.filter((text) => !cache.has(text));
  const count = await embedder.tokenCounter({ signal, call });
  const tokens = fresh.reduce((sum, text) => sum + count(text), 0);
  const report = { embedded: fresh.length, cached: distinct.length - fresh.length, tokens };
  if (dryRun) return { ...nothing, ...report };
  onPending(fresh.length);
  if (fresh.length === 0) return { ...nothing, ...report, vectors: texts.map((text) => cache.get(text)!) };

  const { vectors, usage, notes } = await raceSignal(embedder.embedDocuments(fresh, { signal, call }), signal);
  const { dimensions, id } = embedder.fingerprint;
  if (vectors.length !== fresh.length) {
    throw new ClewError("embedder-failed", `${id} returned ${vectors.length} vectors for ${fresh.length} texts.`);
  }
  for (const [index, vector] of vectors.entries()) checkVector(vector, dimensions, id, `text ${index + 1}`);
  const grown = new Map(cache);
  for (const [index, text] of fresh.entries()) grown.set(text, vectors[index]!);
  return { ...report, vectors: texts.map((text) => grown.get(text)!), cache: grown, usage, notes };
}

/** @throws ClewError `embedder-failed` for a vector of another length than promised, or with a number that is not finite */
export function checkVector(vector: Float32Array, dimensions: number, id: string, what: string): void {
  if (vector.length !== dimensions) {
    throw new ClewError(
      "embedder-failed",
      `${id} promised ${dimensions} dimensions and returned ${vector.length} for ${what}; check the model's name.`,
    );
  }
  if (!vector.every(Number.isFinite)) {
    throw new ClewError("embedder-failed", `${id} returned a number that is not finite for ${what}.`);
  }
}
