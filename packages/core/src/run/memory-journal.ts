import type { JsonValue } from "../json.js";
import { callId } from "./call-id.js";
import type { CallSite, Journal, JournalEntry, OnceOptions } from "./journal.js";
import { failureData } from "./recorded-failure.js";
import type { Runtime } from "./runtime.js";

/** Options of {@link memoryJournal}. */
export interface MemoryJournalOptions {
  /** Identity of the run; part of every call's id. */
  run: string;
  runtime: Runtime;
  /** Entries of an earlier part of the run. @default none */
  entries?: readonly JournalEntry[] | undefined;
}

/** A {@link Journal} that lives as long as its process. */
export function memoryJournal({ run, runtime, entries = [] }: MemoryJournalOptions): Journal {
  const record: JournalEntry[] = [...entries];
  const pending = new Map<string, Promise<JsonValue>>();
  const append = (kind: string, data: JsonValue, call?: string): void => {
    record.push({ seq: record.length, at: runtime.now(), kind, ...(call === undefined ? {} : { call }), data });
  };
  return {
    record: async (kind, data) => append(kind, data),
    once: async <T extends JsonValue>(
      site: CallSite,
      kind: string,
      work: () => Promise<T>,
      { failed = failureData }: OnceOptions = {},
    ): Promise<T> => {
      const call = callId(run, site);
      const kept = record.find((entry) => entry.call === call && entry.kind === kind);
      if (kept !== undefined) return kept.data as T;
      const key = `${call} ${kind}`;
      const running = pending.get(key);
      if (running !== undefined) return running as Promise<T>;
      const started = work();
      pending.set(key, started);
      try {
        const output = await started;
        append(kind, output, call);
        return output;
      } catch (error) {
        append(`${kind}-failed`, failed(error), call);
        throw error;
      } finally {
        pending.delete(key);
      }
    },
    entries: () => [...record],
  };
}
