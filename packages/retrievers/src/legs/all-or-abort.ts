/**
 * Runs the same work for each name at once. The first failure aborts the others, and nothing runs on after it.
 *
 * @throws the first failure, or the signal's reason
 */
export async function allOrAbort<Name extends string, T>(
  names: readonly Name[],
  signal: AbortSignal | undefined,
  work: (name: Name, signal: AbortSignal) => Promise<T>,
): Promise<T[]> {
  const controller = new AbortController();
  const linked = signal === undefined ? controller.signal : AbortSignal.any([signal, controller.signal]);
  const started = names.map((name) => work(name, linked));
  try {
    return await Promise.all(started);
  } catch (error) {
    controller.abort(error);
    await Promise.allSettled(started);
    throw error;
  }
}
