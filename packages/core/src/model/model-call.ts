import type { RunnableConfig } from "@langchain/core/runnables";
import type { Call } from "../run/call.js";
import { memoryJournal } from "../run/memory-journal.js";
import { meter } from "../run/meter.js";
import type { Note } from "../run/note.js";
import type { Runtime } from "../run/runtime.js";

/** The part of a {@link Call} that asking a model needs, and an ear for its notes. */
export interface ModelCall extends Pick<Call, "signal" | "meter" | "journal" | "config" | "runtime" | "prices"> {
  /** Absent: nobody keeps notes. */
  note?(note: Note): Promise<void>;
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
  /** Notes are put at its end. */
  notes: Note[];
}

/** Makes what asking a model needs, inside of a run or outside of any. */
export function modelCall({ call, signal, config, runtime, notes }: ModelCallOptions): ModelCall {
  const own = call ?? {
    meter: meter({ budget: {}, runtime }),
    journal: memoryJournal({ run: "alone", runtime }),
    runtime,
  };
  return {
    ...own,
    signal: signal ?? call?.signal,
    config: config ?? call?.config,
    note: async (one) => {
      notes.push(one);
    },
  };
}
