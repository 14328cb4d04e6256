import { type Note, note } from "@clew/core";
import type { Expander, Expansion } from "./expander.js";
import { queryKey } from "./query-key.js";

/** A further query with the name of its ranking. */
export interface NamedQuery {
  readonly name: string;
  readonly text: string;
  /** Above 0; 1 in sum over all. */
  readonly weight: number;
}

/** Options of {@link chooseQueries}. */
export interface ChooseQueriesOptions {
  /** The original. */
  readonly query: string;
  readonly expanders: readonly Expander[];
  /** In the order of the expanders; undefined where one failed. */
  readonly expansions: readonly (Expansion | undefined)[];
  /** Queries at most. */
  readonly limit: number;
}

const maxName = 80;

/** The further queries that are searched: none that repeats the original or another one, no more than the limit. */
export function chooseQueries({ query, expanders, expansions, limit }: ChooseQueriesOptions): {
  readonly queries: readonly NamedQuery[];
  readonly notes: readonly Note[];
} {
  const known = new Set(["", queryKey(query)]);
  const names = new Set<string>(["original"]);
  const queries: NamedQuery[] = [];
  const notes: Note[] = [];
  let left = 0;
  for (const [index, { id }] of expanders.entries()) {
    const expansion = expansions[index];
    if (expansion === undefined) continue;
    notes.push(...expansion.notes);
    let usable = 0;
    for (const { text, weight = 1, label = text } of expansion.queries) {
      const key = queryKey(text);
      if (known.has(key)) continue;
      known.add(key);
      usable += 1;
      if (queries.length < limit) queries.push({ name: freeName(id, label, names), text, weight });
      else left += 1;
    }
    const isTold = expansion.notes.some(({ code }) => code === "fell-back" || code === "budget-reached");
    if (usable === 0 && !isTold) {
      notes.push(
        note("fell-back", `${id} gave no query of its own; the query was searched as it is.`, { expander: id }),
      );
    }
  }
  if (left > 0) {
    notes.push(note("cut", `${left} further queries were left out: at most ${limit} are searched.`, { left, limit }));
  }
  const sum = queries.reduce((total, { weight }) => total + weight, 0);
  return { queries: queries.map((one) => ({ ...one, weight: one.weight / sum })), notes };
}

/** The expander's id and the beginning of the label; numbered where two would be the same. */
function freeName(id: string, label: string, names: Set<string>): string {
  const head = label.length > maxName ? `${label.slice(0, maxName - 1)}…` : label;
  let name = `${id}: ${head}`;
  for (let count = 2; names.has(name); count++) name = `${id} ${count}: ${head}`;
  names.add(name);
  return name;
}
