import { ClewError, type JournalEntry } from "@clew/core";

/** Options of {@link checkLines}. */
export interface CheckLinesOptions {
  /** Lines before are known to be the same. */
  readonly from: number;
  /** Whether nothing may be missing. */
  readonly whole: boolean;
}

/**
 * Holds the lines of a replay against those of the record: kind, call and data, not the time.
 *
 * @returns how many are the same
 * @throws ClewError `replay-diverged`, naming the first that differs
 */
export function checkLines(
  made: readonly JournalEntry[],
  recorded: readonly JournalEntry[],
  { from, whole }: CheckLinesOptions,
): number {
  const end = whole ? Math.max(made.length, recorded.length) : made.length;
  for (let at = from; at < end; at++) {
    const [own, other] = [made[at], recorded[at]];
    if (own !== undefined && other !== undefined && isSame(own, other)) continue;
    const which = other === undefined ? "which has no such line" : `where it is "${other.kind}"`;
    const what = own === undefined ? "ends" : `has "${own.kind}"`;
    const how = own?.kind === other?.kind ? " with other data" : "";
    throw new ClewError(
      "replay-diverged",
      `Line ${at} differs from the record, ${which}: the replay ${what}${how}. The policy, its options or the code are others.`,
    );
  }
  return end;
}

const isSame = (a: JournalEntry, b: JournalEntry): boolean =>
  a.kind === b.kind && a.call === b.call && JSON.stringify(a.data) === JSON.stringify(b.data);
