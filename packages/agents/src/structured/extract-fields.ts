import { type ExtractEvent, note, type PolicyCall, type PolicyState, type RefusedField } from "@clew/core";
import { type Analyzer, analyzer as makeAnalyzer } from "@clew/core/text";
import { breathe } from "../breathe.js";
import { fieldQuery } from "./field-query.js";
import { findField } from "./find-field.js";
import { leavesOf } from "./leaves-of.js";
import { pointerOf } from "./pointer.js";
import { readUnits, type Unit } from "./read-units.js";

const english = makeAnalyzer();
/** Passages that are read before others get their turn. */
const slice = 8;

/**
 * Fills a form in without a model: texts, numbers, dates and choices, each looked up by its name, its description and the
 * question. Lists, and fields of yes or no, are left empty, with a note. English.
 */
export async function* extractFields(
  { form, evidence, question }: PolicyState,
  refused: readonly RefusedField[],
  { signal }: Pick<PolicyCall, "signal">,
  analyzer: Analyzer = english,
): AsyncGenerator<ExtractEvent> {
  signal?.throwIfAborted();
  // it would only find the same again
  if (form === undefined || refused.length > 0) return;
  const units: Unit[] = [];
  for (const [order, one] of evidence.entries()) {
    if (order % slice === slice - 1) await breathe(signal);
    units.push(...readUnits(one, order, analyzer));
  }
  const skipped: string[] = [];
  for (const { path, leaf } of leavesOf(form)) {
    if (path.includes("*") || leaf.kind === "boolean") {
      const shown = path.includes("*") ? path.slice(0, path.indexOf("*")) : path;
      if (!skipped.includes(pointerOf(shown))) skipped.push(pointerOf(shown));
      continue;
    }
    await breathe(signal);
    const field = findField(path, fieldQuery(path, leaf, question, analyzer), units, analyzer);
    if (field !== undefined) yield { type: "field", field };
  }
  if (skipped.length > 0) {
    const what = skipped.join(", ");
    yield {
      type: "note",
      note: note("not-covered", `Without a model, lists and fields of yes or no are left empty: ${what}.`, {
        paths: skipped,
      }),
    };
  }
}

/** Most searches that a form adds to a plan. */
const maxSearches = 5;

/** Searches for the leaves of a form: their words, with the names in the question. */
export function fieldSearches(
  { form, question }: Pick<PolicyState, "form" | "question">,
  names: readonly string[],
  analyzer: Analyzer,
): string[] {
  if (form === undefined) return [];
  const searches = leavesOf(form).map(({ path, leaf }) => {
    const { hint } = fieldQuery(path, leaf, question, analyzer);
    return [...names, ...hint.split(/\s+/)].join(" ").trim();
  });
  return [...new Set(searches)].slice(0, maxSearches);
}
