import { partRun, raceSignal, sealTraceInSlices, type Trace, type TraceStore } from "@clew/core";
import type { OpenRun, RecordParts, Trouble } from "./open-run.js";

/**
 * Seals what stands of a run that has stopped before its end, as a trace of its own behind those of its parts before, and has it kept.
 *
 * @returns the trace; undefined where the last part holds the same
 */
export async function sealPart(
  { traces, redact, runtime, scope }: RecordParts,
  { run, entries, heard }: OpenRun,
  ended: Trouble,
  signal?: AbortSignal,
): Promise<Trace | undefined> {
  const within = <T>(work: Promise<T>): Promise<T> => (signal === undefined ? work : raceSignal(work, signal));
  const before = await within(partsOf(traces!, scope, run, signal));
  const end = before.at(-1)?.lines.at(-1);
  const isSame =
    before.at(-1)?.lines.length === entries.length + 1 &&
    (end?.data as { ended?: string } | undefined)?.ended === ended;
  if (isSame) return undefined;
  const trace = await sealTraceInSlices({
    ...{ run, entries, heard, redact, ended, runtime, signal },
    part: before.length + 1,
    parts: before.map(rootOf),
  });
  await within(traces!.write(scope, trace, { signal }));
  return trace;
}

/** The traces of the parts of a run, oldest first. */
async function partsOf(
  traces: TraceStore,
  scope: RecordParts["scope"],
  run: string,
  signal: AbortSignal | undefined,
): Promise<Trace[]> {
  const found: Trace[] = [];
  for (;;) {
    const part = await traces.read(scope, partRun(run, found.length + 1), { signal });
    if (part === undefined) return found;
    found.push(part);
  }
}

/** The roots of the parts of a run, oldest first. */
export const partRoots = async (...asked: Parameters<typeof partsOf>): Promise<string[]> =>
  (await partsOf(...asked)).map(rootOf);

const rootOf = ({ lines }: Trace): string => lines.at(-1)!.hash;
