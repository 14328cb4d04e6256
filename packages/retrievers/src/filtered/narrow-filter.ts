import { ClewError, checkFilter, type Filter, type FilterValue, type MetadataField } from "@clew/core";
import { fold } from "@clew/core/text";
import type { WrittenCondition } from "./condition.js";

/** What is left of written conditions once they were checked. */
export interface NarrowedFilter {
  /** All of them hold at once; undefined when none is left. */
  readonly filter: Filter | undefined;
  /** What was left out, and why. */
  readonly dropped: readonly string[];
  /** What was read as something else: another spelling, another type. */
  readonly repaired: readonly string[];
}

const maxConditions = 16;
const maxValues = 50;
/** As many values of a field as an index shows: with fewer, they are all there are. */
const allExamples = 20;

/**
 * Checks written conditions against the metadata that exists. The result is an `$and` of conditions on fields that are
 * there, with operators and values of their types: it can only narrow. A value of a field whose values are all known must
 * be one of them, in whatever spelling.
 */
export function narrowFilter(
  conditions: readonly WrittenCondition[],
  fields: readonly MetadataField[],
): NarrowedFilter {
  const byName = new Map(fields.map((field) => [field.name, field]));
  const parts: Filter[] = [];
  const dropped: string[] = [];
  const repaired: string[] = [];
  for (const [index, condition] of conditions.entries()) {
    if (index >= maxConditions) {
      dropped.push(`${conditions.length - maxConditions} conditions beyond the first ${maxConditions}`);
      break;
    }
    const { field: name, op } = condition;
    const shown = `${show(name)} ${show(op)} ${show(condition.value)}`;
    const field = byName.get(name);
    if (field === undefined) {
      dropped.push(`${shown} (there is no such field)`);
      continue;
    }
    const read = readCondition(field, String(op).replace(/^\$/, ""), condition.value);
    if ("wrong" in read) {
      dropped.push(`${shown} (${read.wrong})`);
      continue;
    }
    const part: Filter = { [name]: read.conditions };
    try {
      checkFilter(part);
    } catch (error) {
      if (!ClewError.isInstance(error)) throw error;
      dropped.push(`${shown} (${error.message})`);
      continue;
    }
    if (read.repaired) repaired.push(shown);
    parts.push(part);
  }
  const filter = parts.length > 1 ? { $and: parts } : parts[0];
  return { filter, dropped, repaired };
}

type Read =
  | { readonly conditions: Readonly<Record<string, FilterValue | readonly FilterValue[]>>; readonly repaired: boolean }
  | { readonly wrong: string };

function readCondition(field: MetadataField, op: string, value: unknown): Read {
  switch (op) {
    case "exists":
      return typeof value === "boolean"
        ? { conditions: { $exists: value }, repaired: false }
        : { wrong: "exists takes true or false" };
    case "eq":
    case "in":
    case "ne":
    case "nin": {
      const negated = op === "ne" || op === "nin";
      const wanted: readonly unknown[] = Array.isArray(value) ? value.slice(0, maxValues) : [value];
      const read = wanted.map((one) => readValue(field, one));
      const found = read.filter((one) => "value" in one);
      if (found.length === 0) {
        const first = read.find((one) => "wrong" in one);
        return { wrong: first?.wrong ?? "it names no value" };
      }
      const values = [...new Set(found.map((one) => one.value))];
      const repaired = found.some((one) => one.repaired) || found.length < wanted.length;
      const only = values.length === 1 ? values[0]! : undefined;
      if (only !== undefined) return { conditions: { [negated ? "$ne" : "$eq"]: only }, repaired };
      return { conditions: { [negated ? "$nin" : "$in"]: values }, repaired };
    }
    case "gt":
    case "gte":
    case "lt":
    case "lte": {
      const read = readBound(field, value);
      return "wrong" in read ? read : { conditions: { [`$${op}`]: read.value }, repaired: read.repaired };
    }
    default:
      return { wrong: "there is no such operator" };
  }
}

type ReadValue = { readonly value: string | number | boolean; readonly repaired: boolean } | { readonly wrong: string };

/** A value to be equal to: of a type that the field has, and one that it has where all are known. */
function readValue(field: MetadataField, value: unknown): ReadValue {
  const typed = ofType(field, value);
  if ("wrong" in typed) return typed;
  const { value: wanted } = typed;
  const { examples } = field;
  if (examples.length >= allExamples || examples.includes(wanted)) return typed;
  if (typeof wanted === "string") {
    const key = fold(wanted.trim());
    const same = examples.filter((example) => typeof example === "string" && fold(example) === key);
    if (same.length === 1) return { value: same[0]!, repaired: true };
  }
  return { wrong: "no source has that value" };
}

function readBound(
  field: MetadataField,
  value: unknown,
): { readonly value: string | number; readonly repaired: boolean } | { readonly wrong: string } {
  const typed = ofType(field, value);
  if ("wrong" in typed) return typed;
  return typeof typed.value === "boolean"
    ? { wrong: "a boolean is neither more nor less" }
    : { value: typed.value, repaired: typed.repaired };
}

/** The value in a type that the field has; a number written as a text, or the other way round, is the same value. */
function ofType(field: MetadataField, value: unknown): ReadValue {
  const types = new Set<string>(field.types);
  if (types.has("array")) for (const example of field.examples) types.add(typeof example);
  if (typeof value === "number" ? Number.isFinite(value) : typeof value === "string" || typeof value === "boolean") {
    const plain = value as string | number | boolean;
    if (types.has(typeof plain)) return { value: plain, repaired: false };
    if (typeof plain === "string" && types.has("number") && /^-?\d{1,15}(?:\.\d{1,10})?$/.test(plain.trim())) {
      return { value: Number(plain), repaired: true };
    }
    if (typeof plain === "number" && types.has("string")) return { value: String(plain), repaired: true };
  }
  return { wrong: `the field holds ${[...field.types].join(" or ")}` };
}

function show(value: unknown): string {
  const text = (typeof value === "string" ? value : (JSON.stringify(value) ?? String(value))).replace(/\s+/g, " ");
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
