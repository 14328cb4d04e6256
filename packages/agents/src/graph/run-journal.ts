import { type CallSite, callId, type Journal, type JournalEntry, type JsonValue, type Runtime } from "@clew/core";
import type { KeptOutput, KeptOutputs, Line } from "./kept-outputs.js";

/** What {@link RunJournal.keep} hands back. */
export interface Kept<T> {
  readonly output: T;
  /** Identity of the call, for the record. */
  readonly call: string;
  /** Whether an earlier process had made the call: what it spent was not charged in this one. */
  readonly again: boolean;
}

/** The journal of a run: its outputs outlive the process where there is a checkpointer, its record lies in the state. */
export interface RunJournal extends Journal {
  /** @param call the call that it belongs to; absent for remarks */
  record(kind: string, data: JsonValue, call?: string): Promise<void>;
  /** Like `once`, for outputs too long for the record: only what was recorded in the meantime enters it. */
  keep<T extends object>(site: CallSite, kind: string, work: () => Promise<T>): Promise<Kept<T>>;
  /** The journal of one of several branches that run at the same time; `join` puts its record behind this one's. */
  branch(): RunJournal;
  join(branch: RunJournal): void;
}

/** Options of {@link runJournal}. */
export interface RunJournalOptions {
  /** Identity of the run; part of every call's id. */
  readonly run: string;
  readonly runtime: Pick<Runtime, "now">;
  /** Record of the nodes before. @default none */
  readonly entries?: readonly JournalEntry[] | undefined;
  /** Where outputs are kept. @default in this process alone */
  readonly outputs?: KeptOutputs | undefined;
}

/** Opens the journal of a run for one node. */
export function runJournal({ run, runtime, entries = [], outputs }: RunJournalOptions): RunJournal {
  const running = new Map<string, Promise<KeptOutput>>();

  const open = (places: Place[], find: (call: string, kind: string) => Line | undefined): RunJournal => {
    const append = ({ at, kind, call, data }: Line): void => {
      places.push({ line: { at, kind, ...(call === undefined ? {} : { call }), data } });
    };
    const lines = (from = 0): Line[] => places.slice(from).flatMap(({ line }) => line ?? []);
    /** The output of a call: of an earlier process, of the call that runs already, or of the work. */
    const outputOf = async (key: string, work: () => Promise<KeptOutput>): Promise<[KeptOutput, again: boolean]> => {
      const open = running.get(key);
      if (open !== undefined) return [await open, false];
      let again = false;
      const started = (async () => {
        const kept = await outputs?.get(key);
        again = kept !== undefined;
        if (kept !== undefined) return kept;
        const made = await work();
        await outputs?.put(key, made);
        return made;
      })();
      running.set(key, started);
      try {
        const output = await started;
        return [output, again];
      } finally {
        running.delete(key);
      }
    };
    return {
      record: async (kind, data, call) => append({ at: runtime.now(), kind, call, data }),
      once: async <T extends JsonValue>(site: CallSite, kind: string, work: () => Promise<T>): Promise<T> => {
        const call = callId(run, site);
        const known = find(call, kind);
        if (known !== undefined) return known.data as T;
        // a call stands where it began: what is recorded while its output streams in comes behind it, kept or not
        const place: Place = {};
        places.push(place);
        const [{ at, data }] = await outputOf(`${call} ${kind}`, async () => ({
          data: await work(),
          at: runtime.now(),
        }));
        // two callers of one call write one entry
        if (find(call, kind) === undefined) place.line = { at, kind, call, data };
        return data as T;
      },
      keep: async <T extends object>(site: CallSite, kind: string, work: () => Promise<T>): Promise<Kept<T>> => {
        const call = callId(run, site);
        const before = places.length;
        const [{ data, entries: made = [] }, again] = await outputOf(`${call} ${kind}`, async () => {
          const output = (await work()) as JsonValue;
          return { at: runtime.now(), data: output, entries: lines(before) };
        });
        if (again) for (const entry of made) append(entry);
        return { output: data as T, call, again };
      },
      branch: () => {
        const own: Place[] = [];
        return open(own, (call, kind) => find(call, kind) ?? findIn(own, call, kind));
      },
      join: (branch) => {
        for (const entry of branch.entries()) append(entry);
      },
      entries: () => lines().map((line, seq) => ({ seq, ...line })),
    };
  };
  const places: Place[] = entries.map(({ seq: _, ...line }) => ({ line }));
  return open(places, (call, kind) => findIn(places, call, kind));
}

/** Where a line stands; a call that failed or still runs leaves its place empty. */
interface Place {
  line?: Line;
}

const findIn = (places: readonly Place[], call: string, kind: string): Line | undefined =>
  places.find(({ line }) => line?.call === call && line.kind === kind)?.line;
