import {
  ClewError,
  houseForm,
  invalidOption,
  type JournalEntry,
  type JsonObject,
  openTrace,
  type RunEnd,
  type ServedModel,
  type Trace,
  type Usage,
  type WriterForm,
} from "@clew/core";
import type { KeptOutput } from "../graph/kept-outputs.js";
import type { ServedRecord } from "../graph/record-served.js";
import type { RecordedRun } from "../graph/recorded-run.js";
import { checkLines } from "./check-lines.js";
import { recordedSearches } from "./recorded-searches.js";

/** A record that is read from its beginning. */
export interface RecordReader extends RecordedRun {
  /** Time of the last line that was read. */
  now(): number;
}

/** Turns of the event loop after which a call that the record does not hold is given up. */
const patience = 3000;

/**
 * Reads the record of a run as what its replay is fed with. Everything is handed out once, in the order in which it
 * was recorded.
 *
 * @throws ClewError `trace-damaged` where it does not verify, does not begin with the run's inputs, or does not end with an
 *   answer; `not-replayable` for a part of a run, or a report; `trace-erased` and `trace-redacted` where it has lost texts
 */
export function readRecord(trace: Trace, forms: Readonly<Record<string, WriterForm>>): RecordReader {
  const entries = openTrace(trace);
  const [first] = entries;
  const { ended } = trace.lines.at(-1)!.data as { readonly ended: RunEnd };
  if (ended !== "finished") {
    throw unlike(`this run stopped before its end (${ended}): replay the record that it wrote when it was resumed.`);
  }
  if (entries.some(({ kind }) => kind === "report")) {
    throw unlike("this is the record of a report, which holds the roots of its sections' records: replay those.");
  }
  if (first?.kind !== "run" || !entries.some(({ kind }) => kind === "answer")) {
    throw new ClewError("trace-damaged", "This is not the record of a whole run: it has no inputs, or no answer.");
  }
  const inputs = first.data as JsonObject;
  const searches = recordedSearches(entries);
  let at = first.at;
  let checked = 0;
  const waiting = new Map<string, JournalEntry[]>();
  const put = (key: string, entry: JournalEntry): void => {
    waiting.set(key, [...(waiting.get(key) ?? []), entry]);
  };
  for (const entry of entries) for (const key of keysOf(entry)) put(key, entry);
  const take = (key: string): JournalEntry | undefined => {
    const entry = waiting.get(key)?.shift();
    if (entry !== undefined) at = Math.max(at, entry.at);
    return entry;
  };
  const dataOf = (key: string): JsonObject | undefined => take(key)?.data as JsonObject | undefined;

  return {
    run: trace.run,
    trace,
    inputs,
    recursionLimit: inputs.recursionLimit as number | undefined,
    now: () => at,
    outputs: {
      get: async (key) => {
        const search = searches(key);
        if (search !== undefined) {
          at = Math.max(at, search.at);
          return search;
        }
        const entry = take(`call ${key}`);
        if (entry === undefined) return missing(key);
        const failed = entry.kind.endsWith(failedEnd) ? { failed: true as const } : {};
        return { at: entry.at, data: entry.data, ...failed };
      },
      put: async () => undefined,
    },
    served: (role) => {
      const entry = take(`served ${role}`);
      if (entry === undefined) throw diverged(`a model as ${role}`);
      const record = entry.data as unknown as ServedRecord;
      return {
        served: servedOf(record, forms),
        lines: entries.slice(entry.seq - (record.lines ?? 0), entry.seq),
      };
    },
    decision: (on) => {
      const data = dataOf(`decision ${on}`);
      if (data === undefined) throw diverged(`a person about the step "${on}"`);
      const { on: _on, by: _by, ...decision } = data;
      return decision;
    },
    clock: (node) => {
      const data = dataOf(`clock ${node}`);
      if (data === undefined) throw diverged(`the clock in ${node}`);
      return data.ms as number;
    },
    deadline: (node) => dataOf(`deadline ${node}`)?.after as number | undefined,
    spent: (node) => dataOf(`spent ${node}`)?.usage as unknown as Usage | undefined,
    leaf: (path) => {
      const { path: _, ...leaf } = dataOf(`leaf ${path}`) ?? {};
      return Object.keys(leaf).length === 0 ? undefined : leaf;
    },
    check: (lines, { whole = false } = {}) => {
      checked = checkLines(lines, entries, { from: checked, whole });
    },
  };
}

const unlike = (why: string): ClewError => new ClewError("not-replayable", `There is no answer to make again: ${why}`);

const failedEnd = "-failed";

/** Under what an entry is asked for. */
function keysOf({ kind, call, data }: JournalEntry): string[] {
  const named = (name: string): string => `${kind} ${String((data as JsonObject)[name])}`;
  if (call !== undefined) return [`call ${call} ${kind.endsWith(failedEnd) ? kind.slice(0, -failedEnd.length) : kind}`];
  if (kind === "served") return [named("role")];
  if (kind === "decision") return [named("on")];
  if (kind === "leaf") return [named("path")];
  return kind === "clock" || kind === "deadline" || kind === "spent" ? [named("node")] : [];
}

function servedOf(record: ServedRecord, forms: Readonly<Record<string, WriterForm>>): ServedModel {
  const { served, capabilities, notes = [], bindsTools, form: id } = record;
  const form = id === undefined ? undefined : (forms[id] ?? (id === "house" ? houseForm() : undefined));
  if (id !== undefined && form === undefined) {
    throw invalidOption("forms", `an object with the form "${id}", which the writer of this run had`);
  }
  const never = (): never => {
    throw diverged(`the model ${served}`);
  };
  const model = { stream: never, invoke: never, ...(bindsTools ? { bindTools: never } : {}) };
  return {
    model: model as unknown as ServedModel["model"],
    served,
    ...(capabilities === undefined ? {} : { capabilities }),
    ...(form === undefined ? {} : { form }),
    notes,
  };
}

/**
 * A call that the record does not hold: work that was given up when its time was over may make one, and waits in vain.
 *
 * @throws ClewError `replay-diverged` when nothing has ended it for a while
 */
async function missing(key: string): Promise<KeptOutput> {
  for (let turn = 0; turn < patience; turn++) await new Promise((resolve) => setImmediate(resolve));
  throw diverged(`for the call ${key}`);
}

const diverged = (what: string): ClewError =>
  new ClewError(
    "replay-diverged",
    `The replay asks ${what}, which the recorded run did not: its policy or code is another.`,
  );
