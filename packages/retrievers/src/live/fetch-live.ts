import { ClewError, type Note, note, type Runtime, raceSignal, redact, retryRequest, sleep } from "@clew/core";

/** Options of {@link fetchLive}. */
export interface FetchLiveOptions {
  /** Name of the live source, for messages. */
  readonly origin: string;
  readonly send: (signal: AbortSignal) => unknown;
  /** Milliseconds for one attempt. */
  readonly timeoutMs: number;
  /** Milliseconds for all of them. */
  readonly deadlineMs: number | undefined;
  readonly retries: number;
  readonly maxWaitMs: number;
  readonly signal: AbortSignal | undefined;
  readonly runtime: Runtime;
  readonly secrets: readonly string[];
  readonly onNote: (note: Note) => void;
}

/** The search's own deadline passed: no failure, but nothing to show either. */
export class DeadlinePassed extends Error {
  constructor(readonly note: Note) {
    super(note.message);
  }
}

/**
 * Asks a live function, again where that may help. A function that does not listen to its signal is left behind, and what
 * it gives later is not used.
 *
 * @throws the signal's reason; {@link DeadlinePassed}; ClewError `timed-out`; what the function failed with
 */
export async function fetchLive(options: FetchLiveOptions): Promise<unknown> {
  const { origin, send, timeoutMs, deadlineMs, retries, maxWaitMs, signal, runtime, secrets, onNote } = options;
  const deadline = after(deadlineMs, () => {
    const message = `"${origin}" did not answer within the deadline of ${deadlineMs} ms and was left out.`;
    return new DeadlinePassed(note("deadline-passed", message, { deadlineMs: deadlineMs! }));
  });
  const outer = signal === undefined ? deadline.signal : AbortSignal.any([signal, deadline.signal]);
  const attempt = async (): Promise<unknown> => {
    const timeout = after(
      timeoutMs,
      () => new ClewError("timed-out", `The live source "${origin}" timed out: no answer within ${timeoutMs} ms.`),
    );
    const linked = AbortSignal.any([outer, timeout.signal]);
    try {
      return await raceSignal(
        // a function that throws before it returns a promise fails like any other
        Promise.resolve().then(() => send(linked)),
        linked,
      );
    } finally {
      timeout.clear();
    }
  };
  try {
    return await retryRequest({
      send: attempt,
      retries,
      maxWaitMs,
      signal: outer,
      runtime,
      sleep,
      onRetry: ({ status, message }, waitMs) => {
        const why = [status, redact(message, secrets)].filter((part) => part !== undefined).join(" ");
        const wait = Math.round(waitMs);
        onNote(note("retried", `"${origin}" was asked again after ${wait} ms: ${why}`, { waitMs: wait }));
      },
    });
  } finally {
    deadline.clear();
  }
}

/** Longest delay that timers keep. */
const longest = 2 ** 31 - 1;

/** A signal that is aborted after a time, with the error that says so; `clear` frees its timer. */
function after(
  ms: number | undefined,
  error: () => Error,
): { readonly signal: AbortSignal; readonly clear: () => void } {
  const controller = new AbortController();
  const timer =
    ms === undefined ? undefined : setTimeout(() => controller.abort(error()), Math.min(Math.max(0, ms), longest));
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}
