import { addUsage, type Note, note, type SearchResult } from "@clew/core";

/**
 * What several searches of one result have in common: their notes, each once, what they cost, and the oldest generation
 * that one of them saw, with a note where they saw different ones.
 */
export function mergeResults(results: readonly SearchResult[]): Omit<SearchResult, "hits"> {
  const seen = [...new Set(results.map(({ generation }) => generation))].filter((generation) => generation >= 0);
  const differ =
    seen.length > 1
      ? [
          note("generations-differ", "The index was written to between the searches that make this result.", {
            generations: seen.sort((a, b) => a - b),
          }),
        ]
      : [];
  return {
    notes: distinctNotes([...results.flatMap(({ notes }) => notes), ...differ]),
    usage: addUsage(...results.map(({ usage }) => usage)),
    generation: seen.length === 0 ? -1 : Math.min(...seen),
  };
}

/** Notes in their order, each once. */
export function distinctNotes(notes: readonly Note[]): Note[] {
  const byText = new Map<string, Note>();
  for (const one of notes) {
    const key = JSON.stringify(one);
    if (!byText.has(key)) byText.set(key, one);
  }
  return [...byText.values()];
}
