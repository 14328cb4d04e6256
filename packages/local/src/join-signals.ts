/** One signal that is aborted as soon as either is. */
export function joinSignals(one: AbortSignal | undefined, other: AbortSignal | undefined): AbortSignal | undefined {
  if (one === undefined || one === other) return other;
  return other === undefined ? one : AbortSignal.any([one, other]);
}
