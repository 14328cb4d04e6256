import {
  type CallSite,
  callId,
  failureData,
  type Journal,
  type JournalEntry,
  type JsonObject,
  type JsonValue,
  type OnceOptions,
  RecordedFailure,
  type Runtime,
} from "@clew/core";
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
  keep<T extends object>(site: CallSite, kind: string, work: () => Promise<T>, options?: OnceOptions): Promise<Kept<T>>;
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
  const running = new Map<string, Promise<Outcome>>();

  const open = (places: Place[], find: (call: string, kind: string) => Line | undefined): RunJournal => {
    const append = ({ at, kind, call, data }: Line): void => {
      places.push({ line: { at, kind, ...(call === undefined ? {} : { call }), data } });
    };
    const lines = (from = 0): Line[] => places.slice(from).flatMap(({ line }) => line ?? []);
    /** The output of a call: of an earlier process, of the call that runs already, or of the work. */
    const outputOf = async (key: string, work: () => Promise<Omit<Outcome, "again">>): Promise<Outcome> => {
      const open = running.get(key);
      if (open !== undefined) return { ...(await open), shared: true };
      const started = (async (): Promise<Outcome> => {
        const kept = await outputs?.get(key);
        if (kept !== undefined) return { output: kept, again: true };
        const made = await work();
        if (made.thrown === undefined) await outputs?.put(key, made.output);
        return { ...made, again: false };
      })();
      running.set(key, started);
      try {
        return await started;
      } finally {
        running.delete(key);
      }
    };
    /** Does the work; a failure is an output too, for the record. */
    const attempt = async (work: () => Promise<JsonValue>, { failed = failureData }: OnceOptions) => {
      try {
        const data = await work();
        return { output: { data, at: runtime.now() } };
      } catch (error) {
        return { output: { data: failed(error), at: runtime.now(), failed: true as const }, thrown: { error } };
      }
    };
    return {
      record: async (kind, data, call) => append({ at: runtime.now(), kind, call, data }),
      once: async <T extends JsonValue>(
        site: CallSite,
        kind: string,
        work: () => Promise<T>,
        options: OnceOptions = {},
      ): Promise<T> => {
        const call = callId(run, site);
        const known = find(call, kind);
        if (known !== undefined) return known.data as T;
        // a call stands where it began: what is recorded while its output streams in comes behind it, kept or not
        const place: Place = {};
        places.push(place);
        const outcome = await outputOf(`${call} ${kind}`, () => attempt(work, options));
        const { at, data, failed } = outcome.output;
        // two callers of one call write one entry
        if (failed !== true && find(call, kind) === undefined) place.line = { at, kind, call, data };
        if (failed !== true) return data as T;
        if (outcome.shared !== true) place.line = { at, kind: failedKind(kind), call, data };
        throw failureOf(outcome);
      },
      keep: async <T extends object>(
        site: CallSite,
        kind: string,
        work: () => Promise<T>,
        options: OnceOptions = {},
      ): Promise<Kept<T>> => {
        const call = callId(run, site);
        const before = places.length;
        const outcome = await outputOf(`${call} ${kind}`, async () => {
          const { output, ...made } = await attempt(work as () => Promise<JsonValue>, options);
          return { output: { ...output, entries: lines(before) }, ...made };
        });
        const { at, data, failed, entries: made = [] } = outcome.output;
        const { again } = outcome;
        if (again) for (const entry of made) append(entry);
        if (failed === true) {
          if (outcome.shared !== true) append({ at, kind: failedKind(kind), call, data });
          throw failureOf(outcome);
        }
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

/** What came of a call. */
interface Outcome {
  readonly output: KeptOutput;
  /** Whether it was kept from before. */
  readonly again: boolean;
  /** What the work threw. */
  readonly thrown?: { readonly error: unknown } | undefined;
  /** Whether another caller of the same call has it too, and writes it down. */
  readonly shared?: true | undefined;
}

/** What a call that failed throws: what its work threw, now or when it was recorded. */
const failureOf = ({ thrown, output }: Outcome): unknown =>
  thrown === undefined ? new RecordedFailure(output.data as JsonObject) : thrown.error;

/** Kind of the line of a call that failed. */
export const failedKind = (kind: string): string => `${kind}-failed`;

/** Where a line stands; a call that still runs leaves its place empty. */
interface Place {
  line?: Line;
}

const findIn = (places: readonly Place[], call: string, kind: string): Line | undefined =>
  places.find(({ line }) => line?.call === call && line.kind === kind)?.line;
