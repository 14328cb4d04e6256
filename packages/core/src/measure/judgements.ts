/** Grades of the judged documents of one query, by document id. A grade above 0 is relevant; absent means 0. */
export type Judgements = ReadonlyMap<string, number>;

/** Judgements of many queries, by query id. */
export type Qrels = ReadonlyMap<string, Judgements>;

/** Rankings of many queries: document ids, best first, ids distinct. */
export type Run = ReadonlyMap<string, readonly string[]>;

/** Ids of the relevant documents. */
export const relevant = (judgements: Judgements): string[] =>
  [...judgements].filter(([, grade]) => grade > 0).map(([id]) => id);
