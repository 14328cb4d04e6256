import type { Metadata } from "@clew/core";
import { type EmbeddedIndex, embeddedIndex } from "./embedded-index.js";
import { checkIndexOptions, type IndexOptions } from "./index-options.js";
import { memoryStore } from "./store/memory-store.js";

/**
 * An index in memory: the same code and the same answers as `openIndex`, gone with the process.
 *
 * @throws ClewError `invalid-option`
 */
export function memoryIndex<M extends Metadata = Metadata>(options: IndexOptions<M> = {}): EmbeddedIndex<M> {
  const checked = checkIndexOptions(options);
  return embeddedIndex({
    store: memoryStore(),
    name: "memory",
    persistent: false,
    options: checked,
  }) as EmbeddedIndex<M>;
}
