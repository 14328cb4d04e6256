import type { NoteCode, SearchResult } from "@clew/core";

/** Results by key; the one that was not asked for the longest goes first. */
export interface KeptResults {
  get(key: string): SearchResult | undefined;
  set(key: string, result: SearchResult): void;
  clear(): void;
  /** Removes results by what they hold. @returns how many */
  remove(isMeant: (result: SearchResult) => boolean): number;
}

/** @param entries results kept at most */
export function keptResults(entries: number): KeptResults {
  const kept = new Map<string, SearchResult>();
  return {
    get: (key) => {
      const result = kept.get(key);
      if (result === undefined) return undefined;
      kept.delete(key);
      kept.set(key, result);
      return result;
    },
    set: (key, result) => {
      kept.delete(key);
      kept.set(key, result);
      for (const oldest of kept.keys()) {
        if (kept.size <= entries) break;
        kept.delete(oldest);
      }
    },
    clear: () => kept.clear(),
    remove: (isMeant) => {
      const meant = [...kept].filter(([, result]) => isMeant(result));
      for (const [key] of meant) kept.delete(key);
      return meant.length;
    },
  };
}

/** Notes that would be the same each time; any other tells of something that may go better next time. */
const lasting: ReadonlySet<NoteCode> = new Set<NoteCode>([
  "leg-missing",
  "below-minimum-score",
  "cut",
  "no-hits",
  "neutralised",
  "vector-missing",
  "passage-unknown",
  "language-unknown-to-embedder",
  "x-usage-estimated",
]);

/** Whether a result is as good as it can be, so that it may be served again. */
export const isLasting = ({ notes }: SearchResult): boolean => notes.every(({ code }) => lasting.has(code));
