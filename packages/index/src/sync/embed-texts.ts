import { addUsage, type Call, ClewError, type Embedder, type Note, noUsage, raceSignal, type Usage } from "@clew/core";
import { checkVector } from "../search/check-vector.js";
import type { Store } from "../store/store.js";
import type { VectorCache } from "./vector-cache.js";

/** Texts embedded between two writes to the cache: what an interruption can cost. */
const textsAtOnce = 128;

/** Options of {@link embedTexts}. */
export interface EmbedTextsOptions {
  /** By key; not in the cache. */
  texts: ReadonlyMap<string, string>;
  embedder: Embedder;
  store: Store;
  cache: VectorCache;
  /** Inside each transaction, before its first write. */
  mark: (writer: Parameters<Parameters<Store["write"]>[0]>[0]) => void;
  signal: AbortSignal | undefined;
  call: Call | undefined;
  onProgress: (done: number) => void;
}

/** Embeds texts and writes each batch of vectors to the cache as it comes, in a transaction of its own. */
export async function embedTexts(options: EmbedTextsOptions): Promise<{ usage: Usage; notes: readonly Note[] }> {
  const { texts, embedder, store, cache, mark, signal, call, onProgress } = options;
  const { dimensions, id } = embedder.fingerprint;
  const entries = [...texts];
  const notes: Note[] = [];
  let usage = noUsage;
  for (let from = 0; from < entries.length; from += textsAtOnce) {
    signal?.throwIfAborted();
    const batch = entries.slice(from, from + textsAtOnce);
    const embedding = embedder.embedDocuments(
      batch.map(([, text]) => text),
      { signal, call, onProgress: (done) => onProgress(from + done) },
    );
    const embedded = await raceSignal(embedding, signal);
    if (embedded.vectors.length !== batch.length) {
      throw new ClewError(
        "embedder-failed",
        `${id} returned ${embedded.vectors.length} vectors for ${batch.length} texts.`,
      );
    }
    for (const [index, vector] of embedded.vectors.entries())
      checkVector(vector, dimensions, id, `text ${from + index + 1}`);
    store.write((writer) => {
      mark(writer);
      for (const [index, [key]] of batch.entries()) cache.put(writer, key, embedded.vectors[index]!);
    });
    notes.push(...embedded.notes);
    usage = addUsage(usage, embedded.usage);
    onProgress(Math.min(from + textsAtOnce, entries.length));
  }
  return { usage, notes };
}
