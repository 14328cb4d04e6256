/**
 * Where contexts that a model wrote are kept: one line of text by a key of 32 hexadecimal digits, which is a hash of
 * tenant, source, passage, prompt and model.
 */
export interface ContextCache {
  get(key: string): string | undefined | Promise<string | undefined>;
  set(key: string, context: string): void | Promise<void>;
}

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
