import { ClewError } from "../errors/clew-error.js";
import type { Trace } from "./trace.js";
import { type TraceCheck, verifyTrace, verifyTraceInSlices } from "./verify-trace.js";

/**
 * The root of a trace that verifies.
 *
 * @throws ClewError `trace-damaged`
 */
export const rootOf = (trace: Trace): string => intactRoot(verifyTrace(trace));

/** {@link rootOf} in slices: a long trace does not hold up whatever else the process does. */
export const rootInSlices = async (trace: Trace, signal?: AbortSignal): Promise<string> =>
  intactRoot(await verifyTraceInSlices(trace, { signal }));

function intactRoot(check: TraceCheck): string {
  if (check.code === "intact") return check.root;
  throw new ClewError("trace-damaged", `The trace does not verify: ${check.message}`);
}

/**
 * What becomes of a trace whose run has one already.
 *
 * @returns whether it is the same
 * @throws ClewError `invalid-option` where it is another
 */
export function isSameTrace(kept: Pick<Trace, "lines"> | undefined, root: string): boolean {
  if (kept === undefined) return false;
  if (kept.lines.at(-1)?.hash === root) return true;
  throw new ClewError(
    "invalid-option",
    "There is another trace of this run: a record that is closed is never replaced.",
  );
}

/** The error for feedback on an answer that the scope has no trace of. */
export const answerUnknown = (): ClewError =>
  new ClewError(
    "not-found",
    "There is no trace of this answer in this scope: ask with the trace store that is to keep it.",
  );
