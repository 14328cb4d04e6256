import type { Budget } from "../run/budget.js";
import type { Call } from "../run/call.js";
import { memoryJournal } from "../run/memory-journal.js";
import { meter } from "../run/meter.js";
import { scope } from "../scope/scope.js";
import { fixedRuntime } from "./fixed-runtime.js";

/** What a test cares about in a call. */
export interface CallFields extends Partial<Call> {
  /** Limits of its meter, when no meter is given. @default none */
  readonly budget?: Budget | undefined;
}

/** A call with the fields given: scope `acme`, a meter without limits, a journal in memory, a fixed runtime. */
export function aCall({ budget = {}, ...fields }: CallFields = {}): Call {
  const runtime = fields.runtime ?? fixedRuntime();
  return {
    scope: scope("acme"),
    meter: meter({ budget, runtime }),
    journal: memoryJournal({ run: "run-1", runtime }),
    ...fields,
    runtime,
  };
}
