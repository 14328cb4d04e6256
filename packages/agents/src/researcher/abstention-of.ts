import type { Note, NoteCode } from "@clew/core";

const reasons: readonly (readonly [NoteCode, string])[] = [
  ["sub-question-failed", "This section could not be written: its run failed."],
  ["budget-reached", "This section's share of the budget ended before anything was found that answers it."],
  ["leg-failed", "What was searched for this section could not be reached."],
  ["no-hits", "Nothing was found on this."],
];

/** Why a section says nothing, in one sentence. */
export const abstentionOf = (notes: readonly Note[]): string =>
  reasons.find(([code]) => notes.some((note) => note.code === code))?.[1] ??
  "Nothing that was found answers this well enough to be quoted.";
