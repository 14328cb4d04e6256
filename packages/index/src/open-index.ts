import { type AnyEmbedder, asEmbedder, type Metadata } from "@clew/core";
import { type EmbeddedIndex, embeddedIndex } from "./embedded-index.js";
import { checkIndexOptions, type IndexOptions } from "./index-options.js";
import { lmdbStore } from "./store/lmdb-store.js";

/** Options of {@link openIndex}. */
export interface OpenIndexOptions<M extends Metadata = Metadata> extends Omit<IndexOptions<M>, "embedder"> {
  /** Makes the dense leg: an embedder, or any LangChain embeddings. Not closed with the index. @default none: lexical only */
  embedder?: AnyEmbedder | undefined;
  /** Opens what is there and writes nothing. @default false */
  readOnly?: boolean | undefined;
}

/**
 * Opens the index in a directory, or makes one there. Many processes may read it while one writes; each read sees the
 * newest generation. Opening loads no model and reads no passages: a tenant is loaded by its first search.
 *
 * @param path a directory; by convention `.clew` beside the documents
 * @throws ClewError `index-mismatch` when another embedder, analyzer, splitter or format made it; `index-damaged`;
 *   `not-found` for nothing to read; `storage-failed`; `invalid-option`
 */
export async function openIndex<M extends Metadata = Metadata>(
  path: string,
  { readOnly = false, embedder, ...options }: OpenIndexOptions<M> = {},
): Promise<EmbeddedIndex<M>> {
  const checked = checkIndexOptions({
    ...options,
    embedder: embedder === undefined ? undefined : await asEmbedder(embedder),
  });
  const store = lmdbStore({ path, readOnly });
  try {
    return embeddedIndex({ store, name: path, persistent: true, options: checked }) as EmbeddedIndex<M>;
  } catch (error) {
    await store.close();
    throw error;
  }
}
