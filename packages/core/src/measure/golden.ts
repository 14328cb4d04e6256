import { invalidOption } from "../errors/invalid-option.js";
import type { Judgements, Qrels } from "./judgements.js";

/** A question and what answers it, as a person writes it down. */
export interface GoldenQuery {
  /** Distinct within the set. @default "q1", "q2", … by position */
  readonly id?: string | undefined;
  readonly query: string;
  /** Ids of what is relevant, or grades by id (above 0 is relevant); empty for a question without an answer. */
  readonly relevant: readonly string[] | Readonly<Record<string, number>>;
}

/** Questions with judgements: a list, or a data set in BEIR's form, of which the listed queries count. */
export type GoldenSet =
  | readonly GoldenQuery[]
  | { readonly queries: readonly { readonly id: string; readonly text: string }[]; readonly qrels: Qrels };

/** A question of a golden set with everything filled in. */
export interface JudgedQuery {
  readonly id: string;
  readonly text: string;
  readonly judgements: Judgements;
}

/**
 * Brings a golden set into one form; a query that nobody judged has no judgements.
 *
 * @throws ClewError `invalid-option` for an id that two queries have, an empty query, or a grade that is no number
 */
export function judgedQueries(golden: GoldenSet): JudgedQuery[] {
  const queries = isList(golden)
    ? golden.map(({ id, query, relevant }, index) => ({
        id: id ?? `q${index + 1}`,
        text: query,
        judgements: grades(relevant),
      }))
    : golden.queries.map(({ id, text }) => ({ id, text, judgements: golden.qrels.get(id) ?? new Map() }));
  const seen = new Set<string>();
  for (const { id, text } of queries) {
    if (seen.has(id)) throw invalidOption("golden", "a set of queries with distinct ids", id);
    if (typeof text !== "string" || text.trim() === "")
      throw invalidOption("golden", "queries with a text", { id, text });
    seen.add(id);
  }
  return queries;
}

const isList = (golden: GoldenSet): golden is readonly GoldenQuery[] => Array.isArray(golden);

function grades(relevant: GoldenQuery["relevant"]): Judgements {
  const judged = new Map(
    Array.isArray(relevant)
      ? (relevant as readonly string[]).map((id) => [id, 1] as const)
      : Object.entries(relevant as Readonly<Record<string, number>>),
  );
  for (const [id, grade] of judged) {
    if (typeof id !== "string" || !Number.isFinite(grade))
      throw invalidOption("golden", "judged by ids and finite grades", { id, grade });
  }
  return judged;
}
