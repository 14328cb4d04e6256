import type { SourceId } from "@clew/core";
import { contentHash } from "@clew/core/text";

/**
 * Where contexts that a model wrote are kept: one line of text by a key of 32 hexadecimal digits, which is a hash of
 * tenant, source, passage, prompt and model.
 */
export interface ContextCache {
  get(key: string): string | undefined | Promise<string | undefined>;
  /** @param owner a hash of tenant and source: by it a cache can forget a source (see `contextOwner`) */
  set(key: string, context: string, owner?: string): void | Promise<void>;
}

/** What contexts of a source are kept under, so that they can be erased with it. */
export const contextOwner = (tenant: string, source: SourceId): string => contentHash(JSON.stringify([tenant, source]));

/** A {@link ContextCache} as long as its process; beyond `capacity` the oldest go. */
export function memoryContexts(capacity: number): ContextCache {
  const kept = new Map<string, string>();
  return {
    get: (key) => kept.get(key),
    set: (key, context) => {
      kept.delete(key);
      kept.set(key, context);
      if (kept.size > capacity) for (const oldest of kept.keys()) return void kept.delete(oldest);
    },
  };
}
