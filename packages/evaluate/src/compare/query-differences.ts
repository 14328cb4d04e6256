/** How one query fared in two runs. */
export interface QueryDifference {
  readonly query: string;
  /** The question, where it is known. */
  readonly text?: string | undefined;
  readonly baseline: number;
  readonly contender: number;
  /** contender − baseline: above 0, the contender won. */
  readonly difference: number;
}

/** Values of a metric by query in two runs, best gain first, ties by query id. */
export function queryDifferences(
  baseline: ReadonlyMap<string, number>,
  contender: ReadonlyMap<string, number>,
  texts: ReadonlyMap<string, string> = new Map(),
): QueryDifference[] {
  return [...baseline]
    .map(([query, before]): QueryDifference => {
      const after = contender.get(query)!;
      return { query, text: texts.get(query), baseline: before, contender: after, difference: after - before };
    })
    .sort((a, b) => b.difference - a.difference || (a.query < b.query ? -1 : 1));
}
