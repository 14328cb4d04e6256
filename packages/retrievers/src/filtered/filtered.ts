import {
  addUsage,
  type Capabilities,
  type CheckedSearchOptions,
  checkKeys,
  defineRetriever,
  type Filter,
  type IndexView,
  invalidOption,
  type JsonObject,
  type MetadataField,
  type Note,
  note,
  noUsage,
  type Retriever,
  type Runtime,
  redact,
  scopeKey,
  systemRuntime,
  type Usage,
} from "@clew/core";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { WrittenCondition } from "./condition.js";
import { modelFilter } from "./model-filter.js";
import { narrowFilter } from "./narrow-filter.js";
import { ruleFilter } from "./rule-filter.js";

/** Options of {@link filtered}. */
export interface FilteredOptions {
  /** Knows which metadata exists; of the same scope as the retriever. */
  view: IndexView;
  /** Writes the filter. @default none: the rules do */
  model?: BaseChatModel | undefined;
  /** What the model can do, as far as that is known: decides how it is asked for JSON. @default unknown */
  capabilities?: Capabilities | undefined;
  /**
   * Reads years and named values by rules (English): instead of a model, or in its place where it fails.
   * @default true without a model, else false
   */
  rules?: boolean | undefined;
  /** Fields that may be filtered by. @default every field that the metadata has */
  fields?: readonly string[] | undefined;
  /** Search for the question without the words that became conditions. @default false: the whole question */
  rewrite?: boolean | undefined;
  /** What to do when nothing passes the filter that was read: search again without it, with a note, or find nothing. @default "unfiltered" */
  whenEmpty?: "unfiltered" | "empty" | undefined;
  /** Draws the fence of the prompt and tells today's date. @default that of the run that asks, else `systemRuntime` */
  runtime?: Runtime | undefined;
  /** Hits when a search names no `k`. @default 10 */
  k?: number | undefined;
}

/** Fields shown to a model at most, those that most sources have. */
const maxFields = 40;

/**
 * Reads a metadata filter out of the question and searches within it. It can only narrow: what is read is joined by `$and`
 * to the filter of the search, uses only fields that exist for this scope, and is checked against their types and values;
 * what does not stand the check is left out, with a note. Notes say what was applied (`filtered`), left out
 * (`filter-dropped`), and given up because nothing passed it (`fell-back`).
 *
 * @throws ClewError `invalid-option`, also for a view of another scope than the retriever's
 */
export function filtered(retriever: Retriever, options: FilteredOptions): Retriever {
  checkKeys("filtered", options, [
    "view",
    "model",
    "capabilities",
    "rules",
    "fields",
    "rewrite",
    "whenEmpty",
    "runtime",
    "k",
  ] satisfies (keyof FilteredOptions)[]);
  const { view, model, capabilities = {}, fields, rewrite = false, whenEmpty = "unfiltered", runtime, k } = options;
  const rules = options.rules ?? model === undefined;
  if (!rules && model === undefined) throw invalidOption("rules", "true where there is no model", rules);
  if (model === undefined && options.capabilities !== undefined) {
    throw invalidOption("capabilities", "left out where there is no model");
  }
  if (whenEmpty !== "unfiltered" && whenEmpty !== "empty") {
    throw invalidOption("whenEmpty", '"unfiltered" or "empty"', whenEmpty);
  }
  if (retriever.scope !== undefined && scopeKey(retriever.scope) !== scopeKey(view.scope)) {
    throw invalidOption("view", "a view of the retriever's own scope");
  }

  const write = async (
    question: string,
    known: readonly MetadataField[],
    { signal, call, config }: CheckedSearchOptions,
  ): Promise<Written> => {
    const notes: Note[] = [];
    let usage = noUsage;
    if (model !== undefined) {
      const shown = [...known].sort((a, b) => b.count - a.count).slice(0, maxFields);
      if (shown.length < known.length) {
        const message = `The model saw the ${maxFields} fields that most sources have, of ${known.length}.`;
        notes.push(note("cut", message, { fields: maxFields, of: known.length }));
      }
      const clock = runtime ?? call?.runtime ?? systemRuntime;
      const written = await modelFilter(question, {
        model,
        capabilities,
        fields: shown,
        runtime: clock,
        signal,
        call,
        config,
      });
      usage = written.usage;
      notes.push(...written.notes);
      const { conditions } = written;
      if (conditions !== undefined) {
        return { conditions, query: written.query ?? question, by: "model", usage, notes };
      }
      const instead = rules ? "rules read the question instead" : "the search goes on without one";
      const reason = redact(written.reason, []);
      notes.push(note("fell-back", `The model wrote no filter (${reason}); ${instead}.`, { reason }));
      if (!rules) return { conditions: [], query: question, by: "model", usage, notes };
    }
    const { conditions, query, unclear } = ruleFilter(question, known);
    for (const what of unclear) {
      notes.push(note("filter-dropped", `It is unclear ${what}: no filter was made of it.`));
    }
    return { conditions, query, by: "rules", usage, notes };
  };

  return defineRetriever(
    "filtered",
    async (query, asked) => {
      const all = await view.read((snapshot) => snapshot.metadata(), { signal: asked.signal });
      const known = fields === undefined ? all : all.filter(({ name }) => fields.includes(name));
      if (known.length === 0) return retriever.search(query, asked);
      const written = await write(query, known, asked);
      const { filter, dropped, repaired } = narrowFilter(written.conditions, known);
      const notes = [...written.notes];
      if (dropped.length > 0) {
        const message = `Left out of the filter read from the question: ${dropped.join("; ")}.`;
        notes.push(note("filter-dropped", message, { dropped }));
      }
      if (repaired.length > 0) {
        notes.push(note("repaired", `Read with the values that exist: ${repaired.join("; ")}.`, { repaired }));
      }
      if (filter === undefined) {
        const found = await retriever.search(query, asked);
        return { ...found, notes: [...notes, ...found.notes], usage: addUsage(written.usage, found.usage) };
      }
      const applied = `Searched within ${JSON.stringify(filter)}, read from the question by ${
        written.by === "model" ? "a model" : "rules"
      }.`;
      notes.push(note("filtered", applied, { filter: filter as unknown as JsonObject, by: written.by }));
      const within = await retriever.search(rewrite ? written.query : query, {
        ...asked,
        filter: narrowed(asked.filter, filter),
      });
      const usage = addUsage(written.usage, within.usage);
      if (within.hits.length > 0 || whenEmpty === "empty") {
        return { ...within, notes: [...notes, ...within.notes], usage };
      }
      const without = await retriever.search(query, asked);
      const gaveUp = note("fell-back", "Nothing passed the filter read from the question; searched again without it.");
      return {
        ...without,
        notes: [...notes, ...within.notes, gaveUp, ...without.notes],
        usage: addUsage(usage, without.usage),
      };
    },
    { scope: retriever.scope, k },
  );
}

interface Written {
  readonly conditions: readonly WrittenCondition[];
  readonly query: string;
  readonly by: "model" | "rules";
  readonly usage: Usage;
  readonly notes: readonly Note[];
}

/** What a search asked for stays: nothing that is read can replace it. */
const narrowed = (own: Filter | undefined, read: Filter): Filter => (own === undefined ? read : { $and: [own, read] });
