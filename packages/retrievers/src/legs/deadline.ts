/** A signal that is aborted after so many milliseconds; `clear` ends the wait. */
export interface Deadline {
  /** Absent without a deadline. */
  readonly signal: AbortSignal | undefined;
  readonly clear: () => void;
}

/** @param ms undefined for no deadline */
export function deadline(ms: number | undefined): Deadline {
  if (ms === undefined) return { signal: undefined, clear: () => undefined };
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new DOMException("The deadline has passed.", "TimeoutError")), ms);
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}
