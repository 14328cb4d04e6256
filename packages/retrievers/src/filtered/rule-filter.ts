import type { MetadataField } from "@clew/core";
import { wordTokens } from "@clew/core/text";
import type { WrittenCondition } from "./condition.js";

/** What rules read out of a question. */
export interface RuleFilter {
  readonly conditions: readonly WrittenCondition[];
  /** The question without the words that speak of years. */
  readonly query: string;
  /** What could not be told apart, for a note. */
  readonly unclear: readonly string[];
}

const year = "(1[0-9]{3}|20[0-9]{2})(?![0-9])";
type Bounds = (years: readonly string[]) => readonly (readonly [op: string, year: string])[];
/** English phrases, the longer first; each takes its words away from those behind it. */
const phrases: readonly (readonly [pattern: RegExp, bounds: Bounds])[] = [
  [
    new RegExp(`\\b(?:between|from)\\s+${year}\\s*(?:and|to|until|till|through|-|–)\\s*${year}`, "gi"),
    ([first, last]) => [
      ["gte", first!],
      ["lte", last!],
    ],
  ],
  [
    new RegExp(`\\b${year}\\s?[-–]\\s?${year}`, "g"),
    ([first, last]) => [
      ["gte", first!],
      ["lte", last!],
    ],
  ],
  [
    new RegExp(`\\b(?:since|starting\\s+(?:in|from)|from)\\s+${year}\\s+(?:onwards?|on)\\b`, "gi"),
    ([one]) => [["gte", one!]],
  ],
  [new RegExp(`\\b(?:since|starting\\s+(?:in|from))\\s+${year}`, "gi"), ([one]) => [["gte", one!]]],
  [new RegExp(`\\b(?:after|later\\s+than)\\s+${year}`, "gi"), ([one]) => [["gt", one!]]],
  [new RegExp(`\\b(?:before|prior\\s+to|earlier\\s+than)\\s+${year}`, "gi"), ([one]) => [["lt", one!]]],
  [new RegExp(`\\b(?:until|till|up\\s+to|through)\\s+${year}`, "gi"), ([one]) => [["lte", one!]]],
  [new RegExp(`\\b(?:in|during|of|for|from)\\s+(?:the\\s+year\\s+)?${year}`, "gi"), ([one]) => [["eq", one!]]],
];
/** Words that turn what follows into its opposite: rules stay away from it. */
const negation = /\b(?:not|no|without|except|excluding|other\s+than|unlike)\s+(?:\w+\s+){0,2}$/i;

/** Names of fields that hold a time, the best first. */
const timeNames = [/^year$/i, /year|jahr|ann[eé]e/i, /^date$/i, /publi|issued/i, /date|time|created|updated/i];
/** As many values as an index shows of a field: with fewer, they are all there are. */
const allExamples = 20;

/**
 * Reads simple constraints out of a question: years ("since 2023", "in 2022", "between 2019 and 2021") for the field
 * that holds a time, and values of text fields that have few (fewer than 20, each in two sources on average) where the
 * question names them whole. It knows no synonyms, and nothing that is negated.
 */
export function ruleFilter(question: string, fields: readonly MetadataField[]): RuleFilter {
  const times = readYears(question);
  const conditions: WrittenCondition[] = [];
  const unclear: string[] = [];
  let query = question;
  if (times.bounds.length > 0) {
    const field = timeField(fields);
    if (field === "unclear") unclear.push("which field the year belongs to");
    else if (field !== undefined) {
      const read = times.bounds.flatMap((bound) => boundsOf(field, bound));
      if (read.length > 0) {
        conditions.push(...read);
        query = times.rest;
      }
    }
  }
  const named = readValues(question, fields);
  conditions.push(...named.conditions);
  unclear.push(...named.unclear);
  return { conditions, query, unclear };
}

interface Bound {
  readonly op: string;
  readonly year: number;
}

function readYears(question: string): { readonly bounds: readonly Bound[]; readonly rest: string } {
  const bounds: Bound[] = [];
  // words that were read become blanks of the same length, so that offsets and later phrases stay right
  let open = question;
  for (const [pattern, boundsIn] of phrases) {
    open = open.replace(pattern, (found: string, ...rest: (string | number)[]) => {
      const at = rest.find((part) => typeof part === "number") as number;
      if (negation.test(open.slice(0, at))) return found;
      const years = rest.slice(0, rest.indexOf(at)).filter((part) => typeof part === "string") as string[];
      for (const [op, value] of boundsIn(years)) bounds.push({ op, year: Number(value) });
      return " ".repeat(found.length);
    });
  }
  const rest = open
    .replace(/\s+/g, " ")
    .replace(/\s+([?.!,;])/g, "$1")
    .trim();
  return { bounds, rest };
}

const isYear = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 1000 && Number(value) <= 2100;
const isoDate = /^\d{4}(?:-\d{2}(?:-\d{2}(?:T.*)?)?)?$/;

/** The field that years belong to: one whose values are years or ISO dates, by its name where there are several. */
function timeField(fields: readonly MetadataField[]): MetadataField | "unclear" | undefined {
  const held = fields.filter(
    ({ examples, types }) =>
      examples.length > 0 &&
      !types.includes("array") &&
      (examples.every(isYear) || examples.every((value) => typeof value === "string" && isoDate.test(value))),
  );
  for (const name of timeNames) {
    const named = held.filter((field) => name.test(field.name));
    if (named.length === 1) return named[0]!;
    if (named.length > 1) return "unclear";
  }
  return held.length > 1 ? "unclear" : held[0];
}

/** A year as conditions on the field: a number, or a prefix of an ISO date, which sorts by code unit. */
function boundsOf({ name: field, examples }: MetadataField, { op, year: at }: Bound): WrittenCondition[] {
  if (examples.every(isYear)) {
    const known = examples.length < allExamples;
    // "in 1575" is more likely told of than published then
    if (op === "eq" && known && !examples.includes(at)) return [];
    return [{ field, op, value: at }];
  }
  const from = String(at);
  const next = String(at + 1);
  if (op === "eq" && examples.length < allExamples && !examples.some((value) => String(value).startsWith(from)))
    return [];
  switch (op) {
    case "eq":
      return [
        { field, op: "gte", value: from },
        { field, op: "lt", value: next },
      ];
    case "gt":
      return [{ field, op: "gte", value: next }];
    case "lte":
      return [{ field, op: "lt", value: next }];
    default:
      return [{ field, op, value: from }];
  }
}

/** Values of text fields with few of them that stand whole in the question. */
function readValues(
  question: string,
  fields: readonly MetadataField[],
): { readonly conditions: readonly WrittenCondition[]; readonly unclear: readonly string[] } {
  const words = wordTokens(question);
  const asked = ` ${words.map(({ term }) => term).join(" ")} `;
  const found = new Map<string, { readonly field: string; readonly value: string }[]>();
  for (const { name: field, examples, count, types } of fields) {
    const few = examples.length < allExamples && examples.length * 2 <= count;
    if (!few || !(types.includes("string") || types.includes("array"))) continue;
    for (const value of examples) {
      if (typeof value !== "string" || isoDate.test(value)) continue;
      const key = wordTokens(value)
        .map(({ term }) => term)
        .join(" ");
      const at = key.length < 3 ? -1 : asked.indexOf(` ${key} `);
      if (at === -1) continue;
      const first = words[asked.slice(0, at + 1).split(" ").length - 2]!;
      if (negation.test(question.slice(0, first.span[0]))) continue;
      found.set(key, [...(found.get(key) ?? []), { field, value }]);
    }
  }
  const unclear: string[] = [];
  const byField = new Map<string, string[]>();
  for (const [key, places] of found) {
    const names = new Set(places.map(({ field }) => field));
    if (names.size > 1) unclear.push(`whether "${key}" is ${[...names].join(" or ")}`);
    else for (const { field, value } of places) byField.set(field, [...(byField.get(field) ?? []), value]);
  }
  return { conditions: [...byField].map(([field, value]) => ({ field, op: "in", value })), unclear };
}
