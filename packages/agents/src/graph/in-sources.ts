import type { Follow, Grade, HopRecord, SourceDescription, SubQuestion } from "@clew/core";
import type { NextQuery } from "./run-state.js";
import type { AgentSource } from "./sources.js";

/** A query that is wanted; without a source, or with one that does not exist, it is made in all of them. */
export interface WantedQuery extends Follow {
  readonly subQuestion: string;
}

/** The searches that the queries ask for, one for each source. */
export function inSources(wanted: readonly WantedQuery[], sources: readonly AgentSource[]): NextQuery[] {
  return wanted.flatMap(({ subQuestion, source, query, why }) => {
    const asked = sources.filter(({ name }) => name === source);
    return (asked.length === 0 ? sources : asked).map(({ name }) => ({
      subQuestion,
      ...(name === undefined ? {} : { source: name }),
      query,
      why,
    }));
  });
}

/** Sources that next queries name and that do not exist, each once. */
export function unknownSources(grades: readonly Grade[], sources: readonly SourceDescription[]): string[] {
  const named = grades.flatMap((grade) => (grade.kind === "answered" ? [] : [grade.next, ...(grade.also ?? [])]));
  const names = named.flatMap((follow) => follow?.source ?? []);
  return [...new Set(names)].filter((name) => !sources.some((source) => source.name === name));
}

/** The first query of each open sub-question, in the sources that were not asked for it: none where all were. */
export function elsewhere(
  open: readonly SubQuestion[],
  sources: readonly AgentSource[],
  hops: readonly HopRecord[],
): NextQuery[] {
  return open.flatMap(({ id }): NextQuery[] => {
    const asked = hops.filter(({ subQuestion }) => subQuestion === id);
    const [first] = asked;
    if (first === undefined) return [];
    const places = [...new Set(asked.map(({ source }) => source))];
    return sources
      .filter(({ name }) => !places.includes(name))
      .map(({ name }) => ({
        subQuestion: id,
        ...(name === undefined ? {} : { source: name }),
        query: first.query,
        why: `not found in ${places.join(", ")}`,
      }));
  });
}
