import { ClewError, type SourceId, sealTraceInSlices, type Trace } from "@clew/core";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { heardBefore } from "./heard-before.js";
import { openRunsOf } from "./open-runs.js";
import type { AgentParts, Run } from "./run.js";
import type { RunState } from "./run-state.js";
import { partRoots } from "./seal-part.js";

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
  { journal, ledger }: Pick<Run, "journal"> & { readonly ledger: Pick<Run["ledger"], "list"> },
  config: LangGraphRunnableConfig,
): Promise<SealedRun> {
  const heard = state.heard ?? [];
  const known = heardBefore(state);
  const entries = journal.entries();
  const { signal } = config;
  const seal = (parts: readonly string[] = []): Promise<Trace> =>
    sealTraceInSlices({ run: state.run, entries, heard: known, redact, runtime, parts, signal });
  let trace: Trace;
  if (traces === undefined) trace = await seal();
  else {
    const site = { node: "finish", branch: "", ordinal: 0 };
    // only in a thread may a run have stopped before
    const isResumable = config.configurable?.thread_id !== undefined;
    const before = () => (isResumable ? stored(partRoots(traces, scope, state.run, signal), signal) : []);
    trace = (await journal.keep(site, "trace", async () => seal(await before()))).output;
    // the checkpoint keeps what is sealed: resumed, it is the record that is written
    if (isResumable) openRunsOf({ traces }, config)?.kept(state.run);
    await stored(traces.write(scope, trace, { signal }), signal);
  }
  openRunsOf({ traces }, config)?.kept(state.run);
  const seen = ledger.list().map(({ passage }) => passage.source);
  return { trace, heard: heard === "any" || known === "any" ? "any" : [...new Set([...heard, ...seen])] };
}

/** What a trace store does; what it throws that is none of ours, as `storage-failed`. */
async function stored<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    signal?.throwIfAborted();
    if (ClewError.isInstance(cause)) throw cause;
    const message = "The trace store did not take the record of the run: ask again once it can.";
    throw new ClewError("storage-failed", message, { cause });
  }
}
