import { ClewError, type JournalEntry, type SourceId, sealTrace, type Trace } from "@clew/core";
import type { AgentParts, Run } from "./run.js";
import type { RunState } from "./run-state.js";

/** The record of a run that has come to its end, and the sources that the thread's conversation may repeat from now on. */
export interface SealedRun {
  readonly trace: Trace;
  readonly heard: readonly SourceId[] | "any";
}

/**
 * Seals what a run recorded, and has it kept where traces are: a run that is resumed here finds the trace that it sealed before,
 * salts and all, so that the store never sees two of one run.
 *
 * @throws ClewError `storage-failed` where the store fails; `invalid-option` where the redaction hook does
 */
export async function sealRun(
  { traces, redact, runtime, scope }: AgentParts,
  state: Pick<RunState, "run"> & Partial<Pick<RunState, "heard" | "options">>,
  { journal, ledger, signal }: Pick<Run, "journal" | "signal"> & { readonly ledger: Pick<Run["ledger"], "list"> },
  entries: readonly JournalEntry[],
): Promise<SealedRun> {
  const heard = state.heard ?? [];
  const brought = state.options?.conversation;
  const before = brought === undefined ? heard : brought.length > 0 ? "any" : [];
  const seal = (): Trace => sealTrace({ run: state.run, entries, heard: before, redact, runtime });
  let trace: Trace;
  if (traces === undefined) trace = seal();
  else {
    const site = { node: "finish", branch: "", ordinal: 0 };
    trace = (await journal.keep(site, "trace", async () => seal())).output;
    try {
      await traces.write(scope, trace, { signal });
    } catch (cause) {
      signal?.throwIfAborted();
      if (ClewError.isInstance(cause)) throw cause;
      throw new ClewError(
        "storage-failed",
        "The trace store did not take the record of the run: ask again once it can.",
        {
          cause,
        },
      );
    }
  }
  const seen = ledger.list().map(({ passage }) => passage.source);
  return { trace, heard: heard === "any" || before === "any" ? "any" : [...new Set([...heard, ...seen])] };
}
