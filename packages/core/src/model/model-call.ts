import type { RunnableConfig } from "@langchain/core/runnables";
import type { Call } from "../run/call.js";
import { memoryJournal } from "../run/memory-journal.js";
import { meter } from "../run/meter.js";
import type { Note } from "../run/note.js";
import type { Runtime } from "../run/runtime.js";
import { talliedMeter } from "../run/tallied-meter.js";
import type { Usage } from "../run/usage.js";

/** The part of a {@link Call} that asking a model needs, and an ear for its notes. */
export interface ModelCall
  extends Pick<Call, "signal" | "meter" | "journal" | "config" | "runtime" | "prices" | "spans" | "outbound"> {
  /** Absent: nobody keeps notes. */
  note?(note: Note): Promise<void>;
}

/** A {@link ModelCall} that keeps its notes and counts what is spent through it. */
export interface TalliedModelCall extends ModelCall {
  readonly notes: Note[];
  /** Spent through this, and charged to the meter of the run already. */
  usage(): Usage;
}

/** Options of {@link modelCall}. */
export interface ModelCallOptions {
  /** The run that asks. @default none: a meter without limits, a journal that nobody reads */
  call: Call | undefined;
  /** @default the call's */
  signal?: AbortSignal | undefined;
  /** @default the call's */
  config?: RunnableConfig | undefined;
  /** For work outside of a run. */
  runtime: Runtime;
}

/** Makes what asking a model needs, inside of a run or outside of any. */
export function modelCall({ call, signal, config, runtime }: ModelCallOptions): TalliedModelCall {
  const notes: Note[] = [];
  const own = call ?? {
    meter: meter({ budget: {}, runtime }),
    journal: memoryJournal({ run: "alone", runtime }),
    runtime,
  };
  const { meter: tallied, usage } = talliedMeter(own.meter);
  return {
    ...own,
    meter: tallied,
    usage,
    signal: signal ?? call?.signal,
    config: config ?? call?.config,
    notes,
    note: async (one) => {
      if (!notes.some(({ code, message }) => code === one.code && message === one.message)) notes.push(one);
    },
  };
}
