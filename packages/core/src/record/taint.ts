import type { JsonValue } from "../json.js";
import type { JournalEntry } from "../run/journal.js";
import type { SourceId } from "../source/source.js";

/** What a text may repeat, besides what everybody knows. */
export interface Taint {
  readonly sources: readonly SourceId[];
  /** It may repeat sources that the record does not name. */
  readonly anySource: boolean;
}

/** Nothing. */
export const untainted: Taint = { sources: [], anySource: false };

/**
 * Follows which sources could have been read by whoever wrote the next line: those of earlier runs of the thread, and
 * all whose hits have come. It only grows. Between a query and its hits, a stage of a retriever may have read
 * passages that nobody else ever sees: what it wrote may repeat any source. An expander reads the query alone.
 *
 * @param heard sources that the conversation may repeat; `any` where they are not known
 */
export function taints(heard: readonly SourceId[] | "any"): (entry: JournalEntry) => Taint {
  const seen = new Set<SourceId>(heard === "any" ? [] : heard);
  const anySource = heard === "any";
  let searching = false;
  let known: Taint = { sources: [...seen], anySource };
  return ({ kind, data }) => {
    if (kind === "query") searching = true;
    if (kind === "hits") searching = false;
    const before = seen.size;
    if (kind === "hits" || kind === "search" || kind === "passages") eachSource(data, (id) => seen.add(id));
    if (seen.size > before) known = { sources: [...seen], anySource };
    const inSearch = searching && kind !== "query" && fieldOf(data, "role") !== "expander";
    return inSearch && !anySource ? { sources: known.sources, anySource: true } : known;
  };
}

/** Shows every string under the name `source`, at any depth. */
function eachSource(value: JsonValue, see: (source: SourceId) => void): void {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (const part of value as readonly JsonValue[]) eachSource(part, see);
    return;
  }
  const fields = value as Readonly<Record<string, JsonValue>>;
  for (const name of Object.keys(fields)) {
    const field = fields[name]!;
    if (name === "source" && typeof field === "string") see(field);
    else eachSource(field, see);
  }
}

export const fieldOf = (value: JsonValue, name: string): JsonValue | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, JsonValue>>)[name]
    : undefined;
