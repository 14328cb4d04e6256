/** Options of {@link embedBatches}. */
export interface EmbedBatchesOptions {
  /** Number of items. */
  count: number;
  batchSize: number;
  /** Most batches at once. */
  concurrency: number;
  signal: AbortSignal;
  /** Works on items [start, end). Its signal is also aborted when another batch fails. */
  work: (start: number, end: number, signal: AbortSignal) => Promise<void>;
}

/** Works through items in batches, some at once. The first failure stops the others and is thrown when they have ended. */
export async function embedBatches({
  count,
  batchSize,
  concurrency,
  signal,
  work,
}: EmbedBatchesOptions): Promise<void> {
  const failing = new AbortController();
  const shared = AbortSignal.any([signal, failing.signal]);
  let next = 0;
  let failure: { readonly error: unknown } | undefined;
  const worker = async (): Promise<void> => {
    while (next < count && failure === undefined) {
      const start = next;
      next = Math.min(count, start + batchSize);
      try {
        await work(start, next, shared);
      } catch (error) {
        failure ??= { error };
        failing.abort(error);
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  if (failure !== undefined) throw failure.error;
}
