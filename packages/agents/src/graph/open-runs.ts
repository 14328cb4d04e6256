import { type Note, note, redact, startDeadline, type Trace } from "@clew/core";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import type { OpenRun, RecordParts, Trouble } from "./open-run.js";
import { sealPart } from "./seal-part.js";

/** Runs that have not come to their end while a stream is read, so that they leave a record if they never do. */
export interface OpenRuns {
  readonly parts: Pick<RecordParts, "traces">;
  /** Takes in what stands of a run. */
  saw(run: OpenRun): void;
  /** The record of a run is where it belongs. */
  kept(run: string): void;
  /**
   * Has what stands of one run kept, as a trace of its own.
   *
   * @returns the trace; undefined where the run is not open, or its last part holds the same
   */
  close(run: string, ended: Trouble, signal?: AbortSignal): Promise<Trace | undefined>;
  /** The same of all of them, in little time. @returns what could not be kept */
  closeAll(ended: Trouble): Promise<readonly Note[]>;
}

/** Milliseconds that a store has to take the record of runs that were left. */
const patienceMs = 1000;

/** @returns undefined where no record is kept */
export function openRuns(parts: RecordParts): OpenRuns | undefined {
  if (parts.traces === undefined) return undefined;
  const open = new Map<string, OpenRun>();
  let isClosed = false;
  const close: OpenRuns["close"] = async (run, ended, signal) => {
    const one = open.get(run);
    open.delete(run);
    return one === undefined ? undefined : sealPart(parts, one, ended, signal);
  };
  return {
    parts,
    saw: (run) => {
      // nodes that have not heard yet that the run is over
      if (!isClosed) open.set(run.run, run);
    },
    kept: (run) => {
      open.delete(run);
    },
    close,
    closeAll: async (ended) => {
      isClosed = true;
      if (open.size === 0) return [];
      const deadline = startDeadline({ ms: patienceMs, runtime: parts.runtime });
      const lost: Note[] = [];
      try {
        for (const run of [...open.keys()]) {
          try {
            await close(run, ended, deadline.signal);
          } catch (error) {
            const why = redact(error instanceof Error ? error.message : String(error));
            lost.push(note("x-record-lost", `The record of this run, which was ${said[ended]}, is not kept: ${why}`));
          }
        }
      } finally {
        deadline.clear();
      }
      return lost;
    },
  };
}

const said: Readonly<Record<Trouble, string>> = { aborted: "aborted", failed: "cut off", waiting: "left waiting" };

/** The runs that are open in what a node runs within; undefined where nobody keeps a record of them, or another agent does. */
export function openRunsOf(
  { traces }: Pick<RecordParts, "traces">,
  { context }: Pick<LangGraphRunnableConfig, "context">,
): OpenRuns | undefined {
  const { openRuns: runs } = (context ?? {}) as { readonly openRuns?: OpenRuns | undefined };
  return traces !== undefined && runs?.parts.traces === traces ? runs : undefined;
}
