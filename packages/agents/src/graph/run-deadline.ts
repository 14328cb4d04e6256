import { type Deadline, type Meter, type PolicyCall, startDeadline } from "@clew/core";
import { recordedDeadline } from "./recorded-deadline.js";
import type { RecordedRun } from "./recorded-run.js";

/** The end of a run's time for one piece of work, as the record keeps it. */
export interface RunDeadline extends Pick<Deadline, "signal" | "passed" | "clear"> {
  /** What the work is given. What it says after its end is not heard. */
  readonly call: PolicyCall;
  /** Counts a step of the work: something that it said. Calls, models and notes count by themselves. */
  step(): void;
  /** Lets calls that hear of the end count what they spent, and records after which step it came. */
  missed(): Promise<void>;
}

/** What a deadline has to know of a node. */
export interface TimedNode {
  readonly node: string;
  readonly call: PolicyCall;
  readonly meter: Meter;
  readonly signal: AbortSignal | undefined;
  record(kind: string, data: unknown): Promise<void>;
}

/**
 * Starts the deadline of a node's work. Where a run is replayed no clock ends it: it ends after the step after which it
 * ended when it was recorded, or not at all.
 */
export function openDeadline(run: TimedNode, recorded: RecordedRun | undefined): RunDeadline {
  let steps = 0;
  const { runtime, journal, note, model, config } = run.call;
  const live = { ms: run.meter.remaining("ms"), signal: run.signal, runtime };
  const deadline =
    recorded === undefined ? startDeadline(live) : recordedDeadline(recorded.deadline(run.node), run.signal);
  const { signal } = deadline;
  const step = (): void => {
    if (signal.aborted) return;
    steps += 1;
    if ("reached" in deadline) deadline.reached(steps);
  };
  const call: PolicyCall = {
    ...run.call,
    signal,
    config: { ...config, signal },
    note: async (one) => {
      if (signal.aborted) return;
      step();
      await note?.(one);
    },
    model: async (role, own) => {
      const served = await model(role, own);
      step();
      return served;
    },
    journal: {
      record: (kind, data) => {
        step();
        return journal.record(kind, data);
      },
      once: (site, kind, work, options) => {
        const output = journal.once(site, kind, work, options);
        step();
        return output;
      },
      entries: () => journal.entries(),
    },
  };
  return {
    signal,
    passed: deadline.passed,
    clear: deadline.clear,
    call,
    step,
    missed: async () => {
      const after = steps;
      await settled();
      await run.record("deadline", { node: run.node, after });
    },
  };
}

/** Lets calls that hear of the end of their time count what they spent. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
